import { expect, test } from '@jest/globals'
import { plainStepLine } from '../src/benchmark/plain-step-lines.ts'
import { tearDown } from '../src/teardown/tear-down.ts'

const { signal } = new AbortController()

test('what cannot be deleted is named at the end, and keeps nothing else', async () => {
  const deleted: string[] = []
  const made = ['a', 'b', 'c'].map((title) => ({
    title,
    monthlyDollars: 1,
    remove: () => (title === 'b' ? Promise.reject(new Error('in use')) : Promise.resolve(deleted.push(title))),
  }))
  await expect(tearDown(made, { info: () => {} }, signal)).rejects.toMatchObject({
    errorCode: 'teardown-incomplete',
    message: expect.stringContaining('b: in use'),
  })
  expect(deleted).toEqual(['a', 'c'])
})

test.each([
  ['::group::Apply', 'Apply'],
  ['::error title=scale-benchmark::No%0Apods', 'Error: No\npods'],
  ['::add-mask::a-secret', undefined],
  ['::endgroup::', undefined],
  ['::debug::POST', undefined],
  ['All 5 replicas Ready', 'All 5 replicas Ready'],
])('a line of an action, for a person: %s', (line, plain) => {
  expect(plainStepLine(line)).toBe(plain)
})
