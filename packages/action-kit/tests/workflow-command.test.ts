import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { plainLines, workflowCommand } from '../src/workflow-command.ts'

// In a process of its own: the real package writes to standard output.
const realPackage = `
  import { notice, setSecret, startGroup } from '@actions/core'
  for (const [message, title] of JSON.parse(process.argv[1])) { notice(message, { title }); startGroup(message); setSecret(message) }
`

test('commands have the bytes that @actions/core writes', () => {
  const texts = fc.sample(fc.string({ unit: fc.constantFrom(...'ab %:,\r\n=;é'.split('')), minLength: 1, maxLength: 12 }), {
    numRuns: 200,
    seed: 1,
  })
  const pairs = texts.map((text, index) => [text, texts.at(-1 - index)!] as const)
  const written = execFileSync(process.execPath, ['--input-type=module', '-e', realPackage, JSON.stringify(pairs)], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  const ours = pairs.flatMap(([message, title]) => [
    workflowCommand('notice', message, { title }),
    workflowCommand('group', message),
    workflowCommand('add-mask', message),
  ])
  expect(written).toBe(ours.join(''))
})

test.each([
  ['plain', 'plain\n'],
  ['two\r\nlines', 'two\nlines\n'],
  ['a::b', 'a::b\n'],
  ['::set-output name=a::b', ':\u200b:set-output name=a::b\n'],
  ['x\n  ::error::y', 'x\n  :\u200b:error::y\n'],
  ['old ##[error]y', 'old #\u200b#[error]y\n'],
])('%j is only shown', (text, lines) => {
  expect(plainLines(text)).toBe(lines)
})
