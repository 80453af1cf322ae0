import type { LogLine } from '../ports/workload.ts'
import { timestampMs } from '../timestamp.ts'
import { clipIntervals } from './clip-intervals.ts'
import { compileBlocks } from './compile-blocks.ts'
import { compileOutcomes, type CompileOutcome } from './compile-outcome.ts'
import { findIntervals, withProfiledGraphs } from './find-intervals.ts'
import { edgeAt, type Edge } from './interval.ts'
import type { LogEvent } from './log-event.ts'
import { logMarks, type LogMark } from './log-marks.ts'
import type { Failure, LogRun } from './log-run.ts'
import type { LogSpan } from './log-span.ts'
import { completeMilestones, loggedMilestones } from './milestones.ts'
import { pickEngine } from './pick-engine.ts'
import { readConfig } from './read-config.ts'
import { readLastRun } from './read-last-run.ts'
import { tileStart } from './tile-start.ts'

export interface VllmLog {
  readonly version: string | undefined
  /** As vLLM was given it: a hub name or a path. */
  readonly model: string | undefined
  readonly eager: boolean
  /** A start that loads one graph and compiles another has missed. Undefined if the log does not mention the cache. */
  readonly compileCache: 'hit' | 'miss' | undefined
  readonly compilations: readonly CompileOutcome[]
  /** Whether the memory profile of an earlier start was used. Undefined if the log does not mention it. */
  readonly startupPlan: 'applied' | 'saved' | `not applied: ${string}` | undefined
  /** The moments that lines state, at most one mark per moment, on the node's clock. */
  readonly marks: readonly LogMark[]
  /** The whole start in leaf phases, from the first line on. Empty if no line is vLLM's. */
  readonly spans: readonly LogSpan[]
  /** Why vLLM stopped. Undefined if it went on. */
  readonly failure: Failure | undefined
  /** The state of the progress bar that is under way at the end of the log, such as `1/4`. */
  readonly progress: string | undefined
  /** How many starts the log has. Only the last one is read. */
  readonly starts: number
}

/** Reads vLLM's start-up log. Lines without a known form or without a valid time are ignored. */
export function parseVllmLog(lines: readonly LogLine[]): VllmLog {
  const { run, starts } = readLastRun(lines)
  return { ...readStart(run, lines.at(-1)), starts }
}

function readStart({ first, events: all, failure }: LogRun, last: LogLine | undefined): Omit<VllmLog, 'starts'> {
  const events = pickEngine(all)
  const config = readConfig(group(events, 'config') ?? '')
  const eager = config.eager || events.some(({ form }) => form.means.kind === 'eager')
  const blocks = compileBlocks(events)
  const logged = loggedMilestones(events)
  const intervals = withProfiledGraphs(findIntervals(events, blocks), logged, events)
  const milestones = completeMilestones(logged, intervals, events)
  const start = { milestones, intervals: clipIntervals(intervals, milestones), compiles: compilesAny(events, config, eager) }
  const compilations = compileOutcomes(blocks, events)
  const begin = first && edgeAt(first)
  const failed = failure && { at: edgeAt({ atMs: failure.atMs, said: failure.reason }), last: lastEdge(last, failure) }
  const bar = events.findLast((event) => event.bar !== undefined)?.bar
  const isUnderWay = intervals.some(({ open, end }) => open && end.ms === bar?.endMs)
  return {
    version: group(events, 'version'),
    model: config.model ?? group(events, 'model'),
    eager,
    compileCache: compilations.some(({ verdict }) => verdict === 'miss') ? 'miss' : compilations[0]?.verdict,
    compilations,
    startupPlan: startupPlan(events),
    marks: logMarks(begin, logged, intervals),
    spans: begin === undefined ? [] : tileStart(begin, start, failed),
    failure,
    progress: isUnderWay ? bar?.count : undefined,
  }
}

function lastEdge(last: LogLine | undefined, { atMs, reason }: Failure): Edge {
  const lastMs = timestampMs(last?.time ?? '')
  return lastMs > atMs ? { ms: lastMs, slackMs: 0, source: 'last line of the log' } : edgeAt({ atMs, said: reason })
}

/** V0 never compiles. For V1 only the engine's configuration shows it. */
function compilesAny(events: readonly LogEvent[], { compiles }: { compiles: boolean }, eager: boolean): boolean | undefined {
  const isV0 = events.some(({ form }) => form.says === '# ' || form.says.includes(' V0 '))
  if (eager || isV0) return false
  return group(events, 'config') === undefined ? undefined : compiles
}

/** The first value of a group. The engine's first line outweighs what the API server logs before it. */
function group(events: readonly LogEvent[], name: string): string | undefined {
  const config = events.find(({ groups }) => groups['config'] !== undefined)?.groups[name]
  return config ?? events.find(({ groups }) => groups[name] !== undefined)?.groups[name]
}

function startupPlan(events: readonly LogEvent[]): VllmLog['startupPlan'] {
  for (const { form, groups } of events.toReversed()) {
    const { means } = form
    if (means.kind !== 'startup plan') continue
    return means.state === 'not applied' ? `not applied: ${groups['reason'] ?? ''}` : means.state
  }
  return undefined
}
