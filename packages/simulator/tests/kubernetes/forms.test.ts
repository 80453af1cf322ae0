import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { fill, patternOf } from '../../src/kubernetes/form.ts'
import { messageForms } from '../../src/kubernetes/message-forms.ts'
import { logForms } from '../../src/kubernetes/vllm/log-forms.ts'

interface Traced {
  readonly name: string
  readonly form: string
  readonly standing: string
  readonly source: string
  readonly recorded?: string
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../fixtures/kubernetes/${file}`, import.meta.url), 'utf8')) as Traced[]

test.each([
  ['messages.json', messageForms],
  ['vllm-log.json', logForms],
])('every form has its source in %s, and nothing else is there', (file, forms) => {
  const traced = read(file)
  expect(Object.fromEntries(traced.map(({ name, form }) => [name, form]))).toEqual(forms)
  expect(traced.filter(({ source, standing }) => source.length < 10 || !['recorded', 'read', 'believed'].includes(standing))).toEqual([])
  expect(traced.filter(({ standing, recorded }) => standing === 'recorded' && recorded === undefined)).toEqual([])
  expect(traced.filter(({ form, recorded }) => recorded !== undefined && !patternOf(form).test(recorded))).toEqual([])
})

test('a form is filled whole', () => {
  expect(fill('Created pod: {pod}', { pod: 'a' })).toBe('Created pod: a')
  expect(() => fill('Created pod: {pod}')).toThrow('{pod}')
})
