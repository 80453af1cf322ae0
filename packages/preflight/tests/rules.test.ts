import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { allRules, ruleGroups } from '../src/index.ts'

const ids = allRules.map(({ id }) => id)

test('every rule has an ID of its own, in kebab-case', () => {
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id))).toEqual([])
})

test('every rule is seen to find something', () => {
  const tests = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
    .join('\n')
  expect(ids.filter((id) => !new RegExp(`['\`]${id}['\` ]`).test(tests))).toEqual([])
})

test('docs/preflight.md has every rule, below the heading of its group', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/preflight.md'), 'utf8')
  const sections = new Map(text.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')), section]))
  for (const { title, rules } of ruleGroups) for (const { id } of rules) expect(sections.get(title)).toContain(`| \`${id}\` |`)
})
