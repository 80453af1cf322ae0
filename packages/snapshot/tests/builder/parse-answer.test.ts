import { expect, test } from '@jest/globals'
import { parseAnswer, parseStatus } from '../../src/builder/parse-answer.ts'

test('lines for the runner are distinguished from other lines', () => {
  const answer = parseAnswer('hello\nprebake:probe ok bash 5.2\nprebake:probe FAIL ctr not found\nnot prebake:error this\n')
  expect(answer.lines.get('probe')).toEqual(['ok bash 5.2', 'FAIL ctr not found'])
  expect(answer).toMatchObject({ error: undefined, spoke: true })
  expect(parseAnswer('container admin is not running').spoke).toBe(false)
})

test('a status line is read whole, free text and all', () => {
  const line = 'prebake:status state=running files=3/10 bytes=5/100 images=0/1 wants=4,7 kubelet=inactive detail=fetching a = b state=x'
  expect(parseStatus(parseAnswer(line))).toEqual({
    state: 'running',
    files: { done: 3, all: 10 },
    bytes: { done: 5, all: 100 },
    images: { done: 0, all: 1 },
    wants: [4, 7],
    kubelet: 'inactive',
    detail: 'fetching a = b state=x',
  })
})

test.each([
  '',
  'prebake:status',
  'prebake:status state=dancing files=1/1 bytes=1/1 images=0/0 wants=-',
  'prebake:status state=done files=1/1',
])('half a status (%j) is no status', (output) => {
  expect(parseStatus(parseAnswer(output))).toBeUndefined()
})

test('nothing wanted is a dash', () => {
  expect(
    parseStatus(parseAnswer('prebake:status state=done files=1/1 bytes=1/1 images=0/0 wants=- kubelet=inactive detail='))?.wants,
  ).toEqual([])
})
