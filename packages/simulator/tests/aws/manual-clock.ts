import { setImmediate } from 'node:timers/promises'
import type { SimulatedClock } from '../../src/core/world.ts'

export interface ManualClock extends SimulatedClock {
  /** Lets so many seconds pass, waking what sleeps in order. */
  advance(seconds: number): Promise<void>
}

/** A clock that stands still between calls of `advance`. */
export function manualClock(): ManualClock {
  let time = Date.UTC(2026, 10, 24, 12)
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()
  return {
    origin: 0,
    rate: 1,
    now: () => new Date(time),
    realMs: (seconds) => seconds * 1000,
    sleep: (seconds) => new Promise((wake) => sleepers.add({ at: time + seconds * 1000, wake })),
    async advance(seconds) {
      const end = time + seconds * 1000
      for (;;) {
        await setImmediate()
        const [next] = [...sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
        if (next === undefined) break
        time = next.at
        sleepers.delete(next)
        next.wake()
      }
      time = end
      await setImmediate()
    },
  }
}
