import type { LogPhaseId } from '../timeline/phases.ts'
import type { LogEvent } from './log-event.ts'
import type { Doing } from './vllm-form.ts'

/** A moment of the log, and by how much it may be off, either way. */
export interface Edge {
  readonly ms: number
  readonly slackMs: number
  readonly source: string
}

/** A time in which vLLM did one thing, as the log shows it. */
export interface Interval extends Doing {
  readonly start: Edge
  /** The last time that the log mentions it. */
  readonly end: Edge
  /** It was under way when the log ended. */
  readonly open: boolean
  /**
   * How the log shows it: `measured` by a duration or by both ends; `start logged`: it lasts until the next line; `end logged`: it began with the line
   * before; `alongside`: it runs in parallel with its phase and only names the step.
   */
  readonly knowledge: 'measured' | 'start logged' | 'end logged' | 'alongside'
}

export function ofPhase(intervals: readonly Interval[], phase: LogPhaseId): readonly Interval[] {
  return intervals.filter((each) => each.phase === phase && each.knowledge !== 'alongside')
}

export function edgeAt({ atMs, said }: Pick<LogEvent, 'atMs' | 'said'>): Edge {
  return { ms: atMs, slackMs: 0, source: `log "${excerpt(said)}"` }
}

/** The beginning of what a line says has taken so long. */
export function edgeBefore({ atMs, said }: Pick<LogEvent, 'atMs' | 'said'>, seconds: number, slackMs: number): Edge {
  return { ms: atMs - seconds * 1000, slackMs, source: `log "${excerpt(said)}", less ${seconds} s` }
}

function excerpt(said: string): string {
  return said.length <= 48 ? said : `${said.slice(0, 45)}…`
}
