import { expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findInText, findInVolume } from './find-secrets.ts'

const token = 'hf_PlantedTokenOfTheScene0123456789'
const secrets = { token }
const encode = (text: string) => Buffer.from(text).toString('base64')
const wrap = (text: string, width: number) => text.replaceAll(new RegExp(`(.{${width}})`, 'g'), '$1\n')
/** So long that the token lies over a line's end at one width or another. */
const around = (before: number) => `${'word '.repeat(before)}${token} and more words`

test.each([
  ['in the clear', () => token],
  ['in base64', () => encode(around(3))],
  ['in base64 twice', () => encode(`echo ${encode(around(3))} | base64 -d`)],
  ['in base64 three times', () => encode(`echo ${encode(`<<<${encode(around(3))}`)} | base64 -d`)],
  ['wrapped at 64', () => wrap(encode(around(9)), 64)],
  ['wrapped at 76', () => wrap(encode(around(11)), 76)],
  ['wrapped at 76 with the line breaks of a mail', () => wrap(encode(around(11)), 76).replaceAll('\n', '\r\n')],
  ['wrapped at 64, in a command', () => encode(`cat >x <<'E'\n${wrap(encode(around(9)), 64)}\nE\n`)],
  ['after other lines of base64', () => `${encode('key')}\n${encode('initialisation')}\n${wrap(encode(around(20)), 76)}`],
])('a secret is found %s, wherever it begins', (_, text) => {
  for (const before of ['', 'a', 'ab', 'abc', 'x=']) expect(findInText(`${before}${text()}`, secrets)).toEqual(['token'])
})

test('what is itself base64 is found when it is wrapped', () => {
  const piece = encode(`${'{"key": 1}'.repeat(8)}`)
  expect(findInText(wrap(piece, 64), { piece })).toEqual(['piece'])
})

test('nothing is found where there is nothing', () => {
  expect(findInText(`${around(3).replace(token, 'hf_')} ${encode('other words')} ${token.slice(1)}`, secrets)).toEqual([])
})

test('a volume is read in full, also where one block ends and the next begins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-scan-'))
  try {
    for (const before of [0, 5_000_000, (1 << 20) - 20, (2 << 20) - 3]) {
      const file = join(folder, 'volume')
      writeFileSync(file, Buffer.concat([randomBytes(before), Buffer.from(wrap(encode(around(9)), 64)), randomBytes(3_000_000)]))
      expect(await findInVolume(file, secrets)).toEqual(['token'])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
