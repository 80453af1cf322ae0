import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { fill } from '../../src/kubernetes/form.ts'
import { patternOf } from './known-forms.ts'

interface Traced {
  readonly form: string
  readonly standing: string
  readonly source: string
  readonly recorded?: string
}

test.each(['messages.json', 'vllm-log.json'])('every form in %s has its source, and fits what was recorded', (file) => {
  const text = readFileSync(new URL(`../../fixtures/kubernetes/${file}`, import.meta.url), 'utf8')
  const traced = Object.values(JSON.parse(text) as Readonly<Record<string, Traced>>)
  expect(traced.filter(({ source, standing }) => source.length < 10 || !['recorded', 'read', 'believed'].includes(standing))).toEqual([])
  expect(traced.filter(({ standing, recorded }) => standing === 'recorded' && recorded === undefined)).toEqual([])
  expect(traced.filter(({ form, recorded }) => recorded !== undefined && !patternOf(form).test(recorded))).toEqual([])
})

test('a form is filled whole', () => {
  expect(fill('Created pod: {pod}', { pod: 'a' })).toBe('Created pod: a')
  expect(() => fill('Created pod: {pod}')).toThrow('{pod}')
})
