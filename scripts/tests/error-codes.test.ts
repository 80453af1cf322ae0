import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { allRules } from '../../packages/preflight/src/index.ts'
import { errorCodes } from '../readme/error-tables.ts'

const root = join(import.meta.dirname, '../..')
const read = (pattern: string, except = '') =>
  globSync(pattern, { cwd: root })
    .filter((file) => except === '' || !file.endsWith(except))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')

test('every code is in kebab-case and means one thing', () => {
  const codes = [...errorCodes.flatMap((each) => Object.keys(each.codes)), ...allRules.map(({ id }) => id)]
  expect(codes.filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(code))).toEqual([])
  expect(new Set(codes).size).toBe(codes.length)
})

/** Codes that no test asserts yet: most need a failing builder, which tests/crash produces. The list may only become shorter. */
const unasserted = new Set<string>(['pods-not-observed', 'half-switched'])

test.each(errorCodes)('$folder: every code is used, and asserted by a test', ({ folder, codes }) => {
  const source = read(`${folder}/{src/**/,}*.ts`, 'error-codes.ts') + read('actions/*/src/**/*.ts', 'error-codes.ts')
  const tests = read(`${folder}/tests/**/*.ts`) + read('actions/*/tests/**/*.ts')
  expect(Object.keys(codes).filter((code) => !source.includes(`'${code}'`))).toEqual([])
  const isAsserted = (code: string) => new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(tests)
  expect(Object.keys(codes).filter((code) => isAsserted(code) === unasserted.has(code))).toEqual([])
})

/** The arguments of each call, up to its closing parenthesis. */
function callsOf(source: string, opening: string): readonly string[] {
  return source
    .split(opening)
    .slice(1)
    .map((rest) => {
      let depth = 1
      const end = rest.split('').findIndex((letter) => (depth += letter === '(' ? 1 : letter === ')' ? -1 : 0) === 0)
      return rest.slice(0, end)
    })
}

test.each(['packages/*/src/**/*.ts', 'actions/*/src/**/*.ts'])('%s: no error and no problem is made without a code', (pattern) => {
  const source = read(pattern)
  const errors = callsOf(source, 'new PrebakeError(')
  expect(errors.length).toBeGreaterThan(0)
  expect(errors.filter((text) => !/\bcode\b/.test(text))).toEqual([])
  expect(source.match(/\{ input: [^{}]*\bremedy\b/g) ?? []).toEqual([])
})
