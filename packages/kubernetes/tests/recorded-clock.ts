import { CancelledError, type Clock } from '@prebake/kernel'

/** A clock that passes only by pauses, which it records in seconds, and where the test says so. */
export function recordedClock(): Clock & { readonly pauses: readonly number[]; pass(ms: number): void } {
  const pauses: number[] = []
  let now = Date.parse('2026-07-01T12:00:00Z')
  return {
    pauses,
    pass: (ms) => void (now += ms),
    now: () => new Date(now),
    sleep(ms, signal) {
      if (signal.aborted) return Promise.reject(new CancelledError())
      pauses.push(ms / 1000)
      now += ms
      return Promise.resolve()
    },
  }
}
