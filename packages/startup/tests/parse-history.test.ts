import { expect, test } from '@jest/globals'
import { historyEntry } from '../src/compare/history.ts'
import { formatHistory, parseHistory } from '../src/compare/parse-history.ts'
import { drawReport } from './drawn-report.ts'

const entry = historyEntry(drawReport(), { sha: 'a1b2c3d', runUrl: 'https://github.com/acme/models/actions/runs/42' })!

test('what is written is what is read', () => {
  expect(parseHistory(formatHistory([entry, entry]))).toEqual([entry, entry])
  expect(parseHistory(formatHistory([]))).toEqual([])
})

test.each([
  ['', 'it is not valid JSON'],
  ['root:x:0:0', 'it is not valid JSON'],
  ['null', '`schema` is missing or of the wrong type'],
  ['{"schema":2,"entries":"secret"}', 'a newer release wrote it'],
  ['{"schema":1}', '`entries` is missing or of the wrong type'],
  [
    JSON.stringify({ schema: 1, entries: [{ ...entry, readySeconds: 'secret' }] }),
    '`entries.0.readySeconds` is missing or of the wrong type',
  ],
  [JSON.stringify({ schema: 1, entries: [{ ...entry, readySeconds: 1e300 }] }), '`entries.0.readySeconds` is missing or of the wrong type'],
  [JSON.stringify({ schema: 1, entries: [{ ...entry, sha: '<img src=x>' }] }), '`entries.0.sha` is missing or of the wrong type'],
  [JSON.stringify({ schema: 1, entries: Array.from({ length: 2000 }, () => entry) }), '`entries` is missing or of the wrong type'],
])('broken, foreign or newer: refused without a word of it', (text, wrong) => {
  expect(parseHistory(text)).toEqual({ wrong })
})
