import type { Edge } from './interval.ts'
import type { LogPhaseId, unattributed } from '../timeline/phases.ts'

/** One piece of a start as vLLM's log tells it. The pieces of a log follow each other without gap or overlap. */
export interface LogSpan {
  readonly phase: LogPhaseId | typeof unattributed
  readonly step: string | undefined
  readonly start: Edge
  /** Undefined of the last one: it goes on. */
  readonly end: Edge | undefined
  /** Neither a figure nor a line of its own tells it: it lies between others. */
  readonly inferred: boolean
}
