import type { LogPhaseId } from '../timeline/phases.ts'
import type { LogEvent } from './log-event.ts'
import type { Doing } from './vllm-form.ts'

/** A moment of the log, and by how much it may be off, either way. */
export interface Edge {
  readonly ms: number
  readonly slackMs: number
  readonly source: string
}

/** A time in which vLLM did one thing. */
export interface Interval extends Doing {
  readonly start: Edge
  /** The last that the log tells of it. */
  readonly end: Edge
  /** It was under way when the log ended. */
  readonly open: boolean
  /**
   * How well the log tells it: `told` by a figure or by both ends, `begun` where only its beginning is told and it lasts until the next line,
   * `closed` where only its end is told, `beside` where it runs beside its phase and names no more than the step.
   */
  readonly knowledge: 'told' | 'begun' | 'closed' | 'beside'
}

export function ofPhase(intervals: readonly Interval[], phase: LogPhaseId): readonly Interval[] {
  return intervals.filter((each) => each.phase === phase && each.knowledge !== 'beside')
}

export function edgeAt({ atMs, said }: Pick<LogEvent, 'atMs' | 'said'>): Edge {
  return { ms: atMs, slackMs: 0, source: `log "${excerpt(said)}"` }
}

/** The beginning of what took so long until the line; it is as precise as the figure has digits. */
export function edgeBefore({ atMs, said }: Pick<LogEvent, 'atMs' | 'said'>, seconds: number, slackMs: number): Edge {
  return { ms: atMs - seconds * 1000, slackMs, source: `log "${excerpt(said)}", less ${seconds} s` }
}

function excerpt(said: string): string {
  return said.length <= 48 ? said : `${said.slice(0, 45)}…`
}
