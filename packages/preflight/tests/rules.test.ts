import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { preflightRules } from '../src/index.ts'

const ids = preflightRules.map(({ id }) => id)
const read = (path: string) => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')

test('rules are told apart by IDs in kebab-case', () => {
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))).toEqual([])
})

test('docs/preflight.md lists every rule, in their order', () => {
  const table = preflightRules.map(({ id, severity, about }) => `| \`${id}\` | ${severity} | ${about} |`).join('\n')
  const [, documented] = /<!-- rules: start -->\n([\s\S]*?)\n<!-- rules: end -->/.exec(read('docs/preflight.md')) ?? []
  expect(documented).toBe(table)
})

test('every rule is seen to find something', () => {
  const tests = ['node-rules', 'pod-rules', 'capacity-rules', 'gather-facts']
    .map((name) => read(`packages/preflight/tests/${name}.test.ts`))
    .join('\n')
  expect(ids.filter((id) => !new RegExp(`['\`]${id}['\` ]`).test(tests))).toEqual([])
})
