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
