import { expect, test } from '@jest/globals'
import { CancelledError, type Clock } from '@prebake/kernel'
import { changeNotifier } from '../src/wait/change-notifier.ts'

const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'vllm', namespace: 'default' }
const { signal } = new AbortController()
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** A clock that stands still until `pass` lets each sleep so far end, and changes that `report` sends, or that are refused. */
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
  let reported = Promise.withResolvers<void>()
  let stopped = false
  async function* changes(_: unknown, end: AbortSignal): AsyncGenerator<void> {
    end.addEventListener('abort', () => void (stopped = true))
    if (refused) throw new Error('forbidden: watch')
    for (;;) {
      await reported.promise
      reported = Promise.withResolvers<void>()
      yield
    }
  }
  const notifier = changeNotifier({ changes }, reference, clock)
  const paused = (limit: AbortSignal = signal) => {
    let ended = false
    const end = notifier.pause(2000, limit).then(() => void (ended = true))
    return { hasEnded: () => ended, end }
  }
  const pass = async () => {
    for (const { end } of sleeps.splice(0)) end()
    await settle()
  }
  return { notifier, sleeps, paused, pass, report: async () => (reported.resolve(), settle()), isStopped: () => stopped }
}

test('a change ends the pause, but not before 50 ms; one that came before counts', async () => {
  const { sleeps, paused, pass, report } = openScene()
  await report()
  const first = paused()
  await settle()
  expect(sleeps.map(({ ms }) => ms)).toEqual([50])
  expect(first.hasEnded()).toBe(false)
  await pass()
  expect(first.hasEnded()).toBe(true)

  const second = paused()
  await pass()
  expect(second.hasEnded()).toBe(false)
  await report()
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

test('active once the present state has been sent; never where the watch is refused, and then the pause is just a pause', async () => {
  const { notifier, report } = openScene()
  expect(notifier.isActive()).toBe(false)
  await report()
  expect(notifier.isActive()).toBe(true)

  const deaf = openScene({ refused: true })
  await settle()
  expect(deaf.notifier.isActive()).toBe(false)
  const { hasEnded } = deaf.paused()
  await deaf.pass()
  expect(hasEnded()).toBe(false)
  await deaf.pass()
  expect(hasEnded()).toBe(true)
})

test('a cancel ends the pause as one, and a notifier that is stopped no longer watches the cluster', async () => {
  const { notifier, paused, pass, isStopped } = openScene()
  const cancel = new AbortController()
  const { end } = paused(cancel.signal)
  await pass()
  cancel.abort()
  await expect(end).rejects.toBeInstanceOf(CancelledError)
  expect(isStopped()).toBe(false)
  notifier.stop()
  expect(isStopped()).toBe(true)
})
