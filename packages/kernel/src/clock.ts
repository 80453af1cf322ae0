import { setTimeout as delay } from 'node:timers/promises'
import { CancelledError } from './errors.ts'

/** Time as a port, so that no test sleeps and a simulation can run faster than the world. */
export interface Clock {
  now(): Date
  /** Resolves after `ms` milliseconds of this clock; rejects with CancelledError as soon as `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * The machine's clock. With a `rate` above 1 it runs that many times faster: a minute of this clock takes 60 / rate seconds.
 * Only the simulation sets a rate and an `origin`: the real time, in milliseconds since 1970, at which its clock and this one show the same.
 */
export function systemClock(rate = 1, origin = Date.now()): Clock {
  return {
    now: () => new Date(origin + (Date.now() - origin) * rate),
    async sleep(ms, signal) {
      const end = Date.now() + ms / rate
      try {
        await delay(ms / rate, undefined, { signal })
        // Node rounds its timers, so they may fire up to a millisecond early.
        if (Date.now() < end) await delay(1, undefined, { signal })
      } catch {
        throw new CancelledError()
      }
    },
  }
}
