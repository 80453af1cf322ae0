import type { LogEvent } from './log-event.ts'

/** One start of vLLM in a log. */
export interface LogRun {
  /** Of the first line of vLLM. */
  readonly first: { readonly atMs: number; readonly said: string } | undefined
  readonly events: readonly LogEvent[]
  readonly failure: Failure | undefined
}

export interface Failure {
  readonly atMs: number
  /** The exception, or else the line that reports the failure. */
  readonly reason: string
}
