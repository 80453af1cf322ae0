import { expect, test } from '@jest/globals'
import { CancelledError, type Clock } from '@prebake/kernel'
import { changeBell } from '../src/prove/change-bell.ts'

const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'vllm', namespace: 'default' }
const { signal } = new AbortController()
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A clock that stands still until `pass` lets each sleep so far end, and changes that are told by `tell`, or refused. */
function openScene({ refused = false } = {}) {
  const sleeps: { readonly ms: number; readonly end: () => void }[] = []
  const clock: Clock = {
    now: () => new Date(0),
    sleep(ms, until) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      until.addEventListener('abort', () => reject(new CancelledError()))
      sleeps.push({ ms, end: resolve })
      return promise
    },
  }
  let told = Promise.withResolvers<void>()
  let stopped = false
  async function* changes(_: unknown, end: AbortSignal): AsyncGenerator<void> {
    end.addEventListener('abort', () => void (stopped = true))
    if (refused) throw new Error('forbidden: watch')
    for (;;) {
      await told.promise
      told = Promise.withResolvers<void>()
      yield
    }
  }
  const bell = changeBell({ changes }, reference, clock)
  const paused = (limit: AbortSignal = signal) => {
    let ended = false
    const end = bell.pause(2000, limit).then(() => void (ended = true))
    return { hasEnded: () => ended, end }
  }
  const pass = async () => {
    for (const { end } of sleeps.splice(0)) end()
    await settle()
  }
  return { bell, sleeps, paused, pass, tell: async () => (told.resolve(), settle()), isStopped: () => stopped }
}

test('a change ends the pause, but not before 50 ms; one that came before counts', async () => {
  const { sleeps, paused, pass, tell } = openScene()
  await tell()
  const first = paused()
  await settle()
  expect(sleeps.map(({ ms }) => ms)).toEqual([50])
  expect(first.hasEnded()).toBe(false)
  await pass()
  expect(first.hasEnded()).toBe(true)

  const second = paused()
  await pass()
  expect(second.hasEnded()).toBe(false)
  await tell()
  expect(second.hasEnded()).toBe(true)
})

test('without a change the pause is as long as it was asked for', async () => {
  const { sleeps, paused, pass } = openScene()
  const { hasEnded } = paused()
  await pass()
  expect(sleeps.map(({ ms }) => ms)).toEqual([1950])
  expect(hasEnded()).toBe(false)
  await pass()
  expect(hasEnded()).toBe(true)
})

test('listens once it has been told what is there; never where that is refused, and then the pause is a mere pause', async () => {
  const { bell, tell } = openScene()
  expect(bell.listens()).toBe(false)
  await tell()
  expect(bell.listens()).toBe(true)

  const deaf = openScene({ refused: true })
  await settle()
  expect(deaf.bell.listens()).toBe(false)
  const { hasEnded } = deaf.paused()
  await deaf.pass()
  expect(hasEnded()).toBe(false)
  await deaf.pass()
  expect(hasEnded()).toBe(true)
})

test('a cancel ends the pause as one, and a bell that is stopped no longer listens to the cluster', async () => {
  const { bell, paused, pass, isStopped } = openScene()
  const cancel = new AbortController()
  const { end } = paused(cancel.signal)
  await pass()
  cancel.abort()
  await expect(end).rejects.toBeInstanceOf(CancelledError)
  expect(isStopped()).toBe(false)
  bell.stop()
  expect(isStopped()).toBe(true)
})
