import type { Clock } from './clock.ts'
import { CancelledError, TimeoutError } from './errors.ts'

/** What one look found: the value that was awaited, or the state in words. A terminal failure is thrown by the look itself. */
export type Look<T> = { readonly value: T } | { readonly state: string }

export interface WaitOptions<T> {
  /** Completes "Waited … for": "instance i-0abc to run". */
  readonly awaited: string
  readonly look: (signal: AbortSignal) => Promise<Look<T>>
  /** Pause after the nth look (from 1), in milliseconds. */
  readonly everyMs: number | ((looks: number) => number)
  /** The wait's limit, in milliseconds of `clock`. */
  readonly limitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Waits between two looks, at most so many milliseconds: less where there may be something new to see. Left out: `clock` sleeps. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Told each state that was seen. */
  readonly onState?: (state: string) => void
  /** What to do when the limit is reached. */
  readonly hint?: string
  /** The TimeoutError's. */
  readonly code?: string
}

/**
 * Looks until the awaited value is there.
 * @throws TimeoutError at the limit, CancelledError when `signal` aborts, and whatever `look` throws.
 */
export async function waitFor<T>(options: WaitOptions<T>): Promise<T> {
  const { awaited, look, everyMs, limitMs, clock, signal, onState, hint, code } = options
  const pause = options.pause ?? ((ms: number, end: AbortSignal) => clock.sleep(ms, end))
  const deadline = clock.now().getTime() + limitMs
  for (let looks = 1; ; looks++) {
    if (signal.aborted) throw new CancelledError()
    const seen = await look(signal)
    if ('value' in seen) return seen.value
    onState?.(seen.state)
    const pauseMs = typeof everyMs === 'number' ? everyMs : everyMs(looks)
    if (clock.now().getTime() + pauseMs > deadline) {
      throw new TimeoutError({ awaited, limitMs, lastSeen: seen.state }, { ...(hint && { hint }), ...(code && { code }) })
    }
    await pause(pauseMs, signal)
  }
}
