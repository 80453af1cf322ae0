import { edgeAt, ofPhase, type Edge, type Interval } from './interval.ts'
import type { LogEvent } from './log-event.ts'
import { moments, type Moment } from './vllm-form.ts'

export interface Milestone extends Edge {
  /** No line tells it: it follows from others. */
  readonly inferred: boolean
}

export type Milestones = { readonly [moment in Moment]?: Milestone | undefined }

/** Several processes say the same: a beginning counts from the first of them, an end with the last. */
const firstCounts: ReadonlySet<Moment> = new Set(['engine.config', 'load.start', 'served'])

/** The moments that lines tell. @param events of one engine, in the order of time. */
export function toldMilestones(events: readonly LogEvent[]): Milestones {
  const told: { [moment in Moment]?: Milestone } = {}
  for (const event of events) {
    const { means } = event.form
    if (means.kind !== 'moment' || (firstCounts.has(means.moment) && told[means.moment] !== undefined)) continue
    told[means.moment] = { ...edgeAt(event), inferred: false }
  }
  return told
}

/** With the moments that follow from other lines, and without those that would come before an earlier one. */
export function completeMilestones(told: Milestones, intervals: readonly Interval[], events: readonly LogEvent[]): Milestones {
  const complete: { [moment in Moment]?: Milestone | undefined } = {
    ...told,
    'load.start': told['load.start'] ?? inferred(earliest(loading(intervals))),
    'load.end': told['load.end'] ?? loadEnd(told, intervals, events),
    'engine.ready': told['engine.ready'] ?? (told.served && serverStart(told.served, intervals)),
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

/** Backends that do not log the end of the load go on with lines that others log, too. */
function loadEnd(told: Milestones, intervals: readonly Interval[], events: readonly LogEvent[]): Milestone | undefined {
  const readMs = Math.max(told['load.start']?.ms ?? -Infinity, ...loading(intervals).map(({ end }) => end.ms))
  const after = events.find(({ form, atMs }) => form.means.kind === 'after load' && atMs >= readMs)
  if (after !== undefined) return inferred(edgeAt(after))
  const later = intervals.filter(
    ({ phase, knowledge }) => knowledge !== 'beside' && (phase === 'compile' || phase === 'kv.profile' || phase === 'engine.other'),
  )
  return inferred(earliest(later))
}

/** The server's own first line after the engine's last. */
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
