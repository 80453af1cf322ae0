import type { Edge } from './interval.ts'
import type { LogPhaseId, unattributed } from '../timeline/phases.ts'

/** One piece of a start, read from vLLM's log. The pieces follow each other without gap or overlap. */
export interface LogSpan {
  readonly phase: LogPhaseId | typeof unattributed
  readonly step: string | undefined
  readonly start: Edge
  /** Undefined for the last piece: it continues beyond the log. */
  readonly end: Edge | undefined
  /** No line states it: it follows from the lines around it. */
  readonly inferred: boolean
}

/** The pieces as another clock would show them. */
export function shiftSpans(spans: readonly LogSpan[], ms: number): readonly LogSpan[] {
  const shift = (edge: Edge): Edge => ({ ...edge, ms: edge.ms + ms })
  return ms === 0 ? spans : spans.map((span) => ({ ...span, start: shift(span.start), end: span.end && shift(span.end) }))
}
