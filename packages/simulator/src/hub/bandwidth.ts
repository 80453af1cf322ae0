import type { SimulatedClock } from '../core/world.ts'

/** Passes chunks on no faster than the simulated line; each byte counts as `weight` bytes. */
export type Throttle = (chunks: Iterable<Uint8Array>, weight: number) => AsyncGenerator<Uint8Array>

/** Real milliseconds by which a sender may be late and still catch up: timers are that coarse. */
const slackRealMs = 50

/**
 * A line that all responses share.
 * @param one simulated seconds in which one response carries 10^9 bytes
 * @param all simulated seconds in which all responses together carry 10^9 bytes
 */
export function openLine(clock: SimulatedClock, one: number, all: number): Throttle {
  const slackMs = slackRealMs * clock.rate
  let allDue = 0
  return async function* throttle(chunks, weight) {
    let oneDue = clock.now().getTime()
    for (const chunk of chunks) {
      const gigabytes = (chunk.length * weight) / 1e9
      const now = clock.now().getTime()
      oneDue = Math.max(oneDue, now - slackMs) + gigabytes * one * 1000
      allDue = Math.max(allDue, now - slackMs) + gigabytes * all * 1000
      const seconds = (Math.max(oneDue, allDue) - now) / 1000
      if (clock.realMs(seconds) >= 1) await clock.sleep(seconds)
      yield chunk
    }
  }
}
