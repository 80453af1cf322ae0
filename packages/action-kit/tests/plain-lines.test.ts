import { expect, test } from '@jest/globals'
import { plainLines } from '../src/plain-lines.ts'

test.each([
  ['plain', 'plain'],
  ['two\r\nlines', 'two\nlines'],
  ['a::b', 'a::b'],
  ['::set-output name=a::b', ':\u200b:set-output name=a::b'],
  ['x\n  ::error::y', 'x\n  :\u200b:error::y'],
  ['old ##[error]y', 'old #\u200b#[error]y'],
])('%j is only shown', (text, lines) => {
  expect(plainLines(text)).toBe(lines)
})
