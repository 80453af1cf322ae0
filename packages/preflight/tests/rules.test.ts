import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { allRules } from '../src/index.ts'

const ids = allRules.map(({ id }) => id)

test('every rule has an ID of its own, in kebab-case', () => {
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))).toEqual([])
})

test('every rule is seen to find something', () => {
  const tests = ['node-rules', 'pod-rules', 'capacity-rules', 'gather-facts', 'severity']
    .map((name) => readFileSync(join(import.meta.dirname, `${name}.test.ts`), 'utf8'))
    .join('\n')
  expect(ids.filter((id) => !new RegExp(`['\`]${id}['\` ]`).test(tests))).toEqual([])
})
