import { measureSlowness } from './machine-speed.ts'

/** Simulated time: starts at the real present and runs `rate` times as fast. */
export interface SimulatedClock {
  /** Simulated seconds per real second. */
  readonly rate: number
  /** The real time at which it began, in milliseconds since 1970; simulated and real time agree there. */
  readonly origin: number
  now(): Date
  /** Real milliseconds that a span of simulated seconds takes. */
  realMs(simulatedSeconds: number): number
  sleep(simulatedSeconds: number): Promise<void>
}

/**
 * A clock at this rate, or a lower one where the machine is slower than usual: programs and scripts in the world take their real time, and
 * must not miss simulated deadlines for it. Real time, a rate of 1, stays real time.
 */
export function simulatedClock(usualRate: number): SimulatedClock {
  const rate = usualRate <= 1 ? usualRate : Math.max(1, usualRate / measureSlowness())
  const origin = Date.now()
  const realMs = (seconds: number) => (seconds * 1000) / rate
  return {
    rate,
    origin,
    now: () => new Date(origin + (Date.now() - origin) * rate),
    realMs,
    sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, realMs(seconds)).unref()),
  }
}

/** A random source that a seed makes repeatable (mulberry32). Values lie in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
