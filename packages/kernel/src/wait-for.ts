import type { Clock } from './clock.ts'
import { CancelledError, TimeoutError } from './errors.ts'

/** The result of one poll: the awaited value, or the current state in words. On a terminal failure the poll throws. */
export type Poll<T> = { readonly value: T } | { readonly state: string }

export interface WaitOptions<T> {
  /** Completes "Waited … for": "instance i-0abc to run". */
  readonly awaited: string
  readonly poll: (signal: AbortSignal) => Promise<Poll<T>>
  /** Pause after the nth poll (from 1), in milliseconds. */
  readonly everyMs: number | ((polls: number) => number)
  /** The wait's limit, in milliseconds of `clock`. */
  readonly limitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Waits between two polls for at most this many milliseconds, or until something may have changed. Default: `clock` sleeps. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Receives the state that each poll found. */
  readonly onState?: (state: string) => void
  /** What to do when the limit is reached. */
  readonly hint?: string
  /** The TimeoutError's. */
  readonly code?: string
}

/**
 * Polls until the awaited value is there.
 * @throws TimeoutError at the limit, CancelledError when `signal` aborts, and whatever `poll` throws.
 */
export async function waitFor<T>(options: WaitOptions<T>): Promise<T> {
  const { awaited, poll, everyMs, limitMs, clock, signal, onState, hint, code } = options
  const pause = options.pause ?? ((ms: number, end: AbortSignal) => clock.sleep(ms, end))
  const deadline = clock.now().getTime() + limitMs
  for (let polls = 1; ; polls++) {
    if (signal.aborted) throw new CancelledError()
    const seen = await poll(signal)
    if ('value' in seen) return seen.value
    onState?.(seen.state)
    const pauseMs = typeof everyMs === 'number' ? everyMs : everyMs(polls)
    if (clock.now().getTime() + pauseMs > deadline) {
      throw new TimeoutError({ awaited, limitMs, lastSeen: seen.state }, { ...(hint && { hint }), ...(code && { code }) })
    }
    await pause(pauseMs, signal)
  }
}
