import { CancelledError, type Clock } from '@prebake/kernel'

/** A clock that stands still but for its sleeps; each of them is a step of the world. */
export function steppingClock(step: (secondsSinceStart: number) => void = () => {}): Clock {
  const start = Date.parse('2026-11-24T10:00:00Z')
  let now = start
  return {
    now: () => new Date(now),
    sleep(ms, signal) {
      if (signal.aborted) return Promise.reject(new CancelledError())
      now += ms
      step((now - start) / 1000)
      return Promise.resolve()
    },
  }
}
