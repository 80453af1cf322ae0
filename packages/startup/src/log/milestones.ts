import { edgeAt, ofPhase, type Edge, type Interval } from './interval.ts'
import type { LogEvent } from './log-event.ts'
import { moments, type Moment } from './vllm-form.ts'

export interface Milestone extends Edge {
  /** No line states it: it follows from other lines. */
  readonly inferred: boolean
}

export type Milestones = { readonly [moment in Moment]?: Milestone | undefined }

/** Several processes log the same moment: the first line counts for a beginning, the last one for an end. */
const firstCounts: ReadonlySet<Moment> = new Set(['engine.config', 'load.start', 'served'])

/** The moments that lines state. @param events of one engine, in the order of time. */
export function loggedMilestones(events: readonly LogEvent[]): Milestones {
  const logged: { [moment in Moment]?: Milestone } = {}
  for (const event of events) {
    const { means } = event.form
    if (means.kind !== 'moment' || (firstCounts.has(means.moment) && logged[means.moment] !== undefined)) continue
    logged[means.moment] = { ...edgeAt(event), inferred: false }
  }
  return logged
}

/** Adds the moments that follow from other lines, and leaves out any that would precede an earlier one. */
export function completeMilestones(logged: Milestones, intervals: readonly Interval[], events: readonly LogEvent[]): Milestones {
  const complete: { [moment in Moment]?: Milestone | undefined } = {
    ...logged,
    'load.start': logged['load.start'] ?? inferred(earliest(loading(intervals))),
    'load.end': logged['load.end'] ?? loadEnd(logged, intervals, events),
    'engine.ready': logged['engine.ready'] ?? (logged.served && serverStart(logged.served, intervals)),
  }
  let reached = -Infinity
  for (const moment of moments) {
    const milestone = complete[moment]
    if (milestone === undefined) continue
    if (milestone.ms < reached) complete[moment] = undefined
    else reached = milestone.ms
  }
  return complete
}

/** Backends that do not log the end of the load still log the lines that come after it. */
function loadEnd(logged: Milestones, intervals: readonly Interval[], events: readonly LogEvent[]): Milestone | undefined {
  const readMs = Math.max(logged['load.start']?.ms ?? -Infinity, ...loading(intervals).map(({ end }) => end.ms))
  const after = events.find(({ form, atMs }) => form.means.kind === 'after load' && atMs >= readMs)
  if (after !== undefined) return inferred(edgeAt(after))
  const later = intervals.filter(
    ({ phase, knowledge }) => knowledge !== 'alongside' && (phase === 'compile' || phase === 'kv.profile' || phase === 'engine.other'),
  )
  return inferred(earliest(later))
}

/** The API server's first line after the engine's last one. */
function serverStart({ ms }: Milestone, intervals: readonly Interval[]): Milestone | undefined {
  return inferred(earliest(ofPhase(intervals, 'server.start').filter(({ start }) => start.ms <= ms)))
}

function loading(intervals: readonly Interval[]): readonly Interval[] {
  return [...ofPhase(intervals, 'model.init'), ...ofPhase(intervals, 'weights.download'), ...ofPhase(intervals, 'weights.read')]
}

function earliest(intervals: readonly Interval[]): Edge | undefined {
  return intervals
    .map(({ start }) => start)
    .reduce<Edge | undefined>((first, each) => (first === undefined || each.ms < first.ms ? each : first), undefined)
}

function inferred(edge: Edge | undefined): Milestone | undefined {
  return edge && { ...edge, inferred: true }
}
