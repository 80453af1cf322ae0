import { expect, test } from '@jest/globals'
import { mapConcurrently } from '../src/index.ts'

/** Work that ends when its gate opens. */
function gatedWork() {
  const started: number[] = []
  const gates = new Map<number, PromiseWithResolvers<string>>()
  const work = (item: number): Promise<string> => {
    started.push(item)
    const gate = Promise.withResolvers<string>()
    gates.set(item, gate)
    return gate.promise
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { started, gates, work, settle }
}

test('never more at a time than allowed, started in order, and the results in the order of the items', async () => {
  const { started, gates, work, settle } = gatedWork()
  const done = mapConcurrently([1, 2, 3, 4], 2, work)
  await settle()
  expect(started).toEqual([1, 2])
  gates.get(2)?.resolve('b')
  await settle()
  expect(started).toEqual([1, 2, 3])
  gates.get(3)?.resolve('c')
  await settle()
  gates.get(4)?.resolve('d')
  gates.get(1)?.resolve('a')
  expect(await done).toEqual(['a', 'b', 'c', 'd'])
})

test('after a failure nothing more is started', async () => {
  const { started, gates, work, settle } = gatedWork()
  const done = mapConcurrently([1, 2, 3, 4], 2, work)
  gates.get(1)?.reject(new Error('no'))
  await expect(done).rejects.toThrow('no')
  gates.get(2)?.resolve('b')
  await settle()
  expect(started).toEqual([1, 2])
})

test('nothing to do', async () => {
  expect(await mapConcurrently([], 8, () => Promise.reject(new Error('never')))).toEqual([])
})
