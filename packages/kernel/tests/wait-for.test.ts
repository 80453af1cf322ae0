import { expect, test } from '@jest/globals'
import { CancelledError, InputError, ServiceError, systemClock, TimeoutError, waitFor, type Clock, type Poll } from '../src/index.ts'

/** A clock whose sleeps pass at once. */
function steppingClock(): Clock & { slept: number[] } {
  let now = 0
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(now),
    sleep: async (ms, signal) => {
      if (signal.aborted) throw new CancelledError()
      slept.push(ms)
      now += ms
    },
  }
}

const never = new AbortController().signal

function polls(...states: readonly string[]): () => Promise<Poll<string>> {
  const left = [...states]
  return async () => {
    const state = left.shift() ?? 'done'
    return state === 'done' ? { value: 'it' } : { state }
  }
}

test('pauses between polls by `pause`, with the same limit', async () => {
  const clock = steppingClock()
  const pauses: number[] = []
  const pause = async (ms: number) => void pauses.push(ms)
  const value = await waitFor({ awaited: 'x', poll: polls('a', 'b'), everyMs: 500, pause, limitMs: 1000, clock, signal: never })
  expect(value).toBe('it')
  expect(pauses).toEqual([500, 500])
  expect(clock.slept).toEqual([])
})

test('returns the value, reports each state, and pauses as asked', async () => {
  const clock = steppingClock()
  const seen: string[] = []
  const value = await waitFor({
    awaited: 'x',
    poll: polls('a', 'b', 'b'),
    everyMs: (count) => count * 10,
    limitMs: 1000,
    clock,
    signal: never,
    onState: (state) => seen.push(state),
  })
  expect([value, seen, clock.slept]).toEqual(['it', ['a', 'b', 'b'], [10, 20, 30]])
})

test('at the limit the error names what was awaited, for how long, and the last state', async () => {
  const wait = waitFor({
    awaited: 'vol-1 to be ready',
    poll: async () => ({ state: 'creating' }),
    everyMs: 400,
    limitMs: 1000,
    clock: steppingClock(),
    signal: never,
    hint: 'Look.',
    code: 'volume-not-ready',
  })
  await expect(wait).rejects.toMatchObject({
    message: 'Waited 1 s for vol-1 to be ready: not reached. Last seen: creating.',
    hint: 'Look.',
    errorCode: 'volume-not-ready',
  })
  await expect(wait).rejects.toBeInstanceOf(TimeoutError)
})

test('an abort ends it before the next poll', async () => {
  const controller = new AbortController()
  let count = 0
  const poll = async (): Promise<Poll<never>> => {
    count += 1
    controller.abort()
    return { state: 'x' }
  }
  await expect(
    waitFor({ awaited: 'x', poll, everyMs: 1, limitMs: 10, clock: steppingClock(), signal: controller.signal }),
  ).rejects.toBeInstanceOf(CancelledError)
  expect(count).toBe(1)
})

test("the machine's clock runs at its rate, and its sleep ends on abort", async () => {
  const clock = systemClock(1000)
  const before = clock.now().getTime()
  await clock.sleep(5000, never)
  expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(4000)
  const controller = new AbortController()
  const sleeping = clock.sleep(3_600_000_000, controller.signal)
  controller.abort()
  await expect(sleeping).rejects.toBeInstanceOf(CancelledError)
})

test('errors keep what the services said, and name every problem', () => {
  const service = new ServiceError(
    { operation: 'RunInstances', code: 'Unauthorized', message: 'You are not authorized.', requestId: 'r-1' },
    { hint: 'Add it.' },
  )
  expect([service.message, service.hint]).toEqual(['RunInstances: Unauthorized: You are not authorized. (request r-1)', 'Add it.'])
  const input = new InputError([
    { input: 'model', wrong: 'is unknown.', remedy: 'Look it up.' },
    { input: 'timeout', wrong: 'is too short.', remedy: 'Raise it.' },
  ])
  expect(input.message).toBe('`model`: is unknown. Look it up.\n`timeout`: is too short. Raise it.')
})
