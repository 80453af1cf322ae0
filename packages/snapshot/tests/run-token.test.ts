import { expect, test } from '@jest/globals'
import { createRunToken, isEarlierAttempt } from '../src/run-token.ts'

const unique = '0f0c8a52-0000-4000-a000-000000000001'
const other = '0f0c8a52-0000-4000-a000-000000000002'
const token = (attempt: string | undefined, more: Partial<Parameters<typeof createRunToken>[0]> = {}, id = unique) =>
  createRunToken({ runId: '4711', attempt, repository: 'octo-org/vllm', ...more }, id)

test('a token names run, attempt, build and repository, and fits into a tag', () => {
  expect(token('2')).toBe(`4711-2-${unique}@octo-org/vllm`)
  expect(createRunToken({ runId: undefined, attempt: undefined, repository: undefined }, unique)).toBe(`local-1-${unique}`)
  const longest = createRunToken({ runId: '9'.repeat(20), attempt: '100', repository: `${'o'.repeat(39)}/${'r'.repeat(100)}` }, unique)
  expect(longest.length).toBeLessThanOrEqual(256)
})

test.each<[string, string, boolean]>([
  [token('1'), token('2', {}, other), true],
  [token('9'), token('10', {}, other), true],
  [token('10'), token('9', {}, other), false],
  [token('2'), token('2', {}, other), false],
  [token('1', { runId: '4712' }), token('2', {}, other), false],
  [token('1', { repository: 'octo-org/other' }), token('2', {}, other), false],
  [token('1', { repository: undefined }), token('2', { repository: undefined }, other), false],
  [token('1', { runId: undefined }), token('2', { runId: undefined }, other), false],
  [`4711-1-${unique}`, token('2', {}, other), false],
  ['', token('2'), false],
])('%s is of an earlier attempt than %s: %s', (one, own, earlier) => expect(isEarlierAttempt(one, own)).toBe(earlier))
