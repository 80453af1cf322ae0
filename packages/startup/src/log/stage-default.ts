import type { LogPhaseId, unattributed } from '../timeline/phases.ts'
import { ofPhase, type Interval } from './interval.ts'
import type { Milestones } from './milestones.ts'
import { moments, type Moment } from './vllm-form.ts'

export interface StartOfLog {
  readonly milestones: Milestones
  readonly intervals: readonly Interval[]
  /** Whether the engine compiles anything. Undefined if its configuration is not in the log. */
  readonly compiles: boolean | undefined
}

type Default = { readonly phase: LogPhaseId | typeof unattributed; readonly inferred: boolean }

const known = (phase: LogPhaseId): Default => ({ phase, inferred: false })
const inferred = (phase: LogPhaseId): Default => ({ phase, inferred: true })
const unknown: Default = { phase: 'unattributed', inferred: false }

/** The phase at a time that no interval covers. It follows from the milestones before and after it. */
export function stageDefault(atMs: number, start: StartOfLog): Default {
  const { milestones } = start
  const reached = moments.findLast((moment) => (milestones[moment]?.ms ?? Infinity) <= atMs)
  const next = moments.find((moment) => (milestones[moment]?.ms ?? -Infinity) > atMs)
  switch (reached) {
    case undefined:
      return next === undefined || next === 'engine.config' ? known('api.config') : unknown
    case 'engine.config':
      return next === undefined || next === 'load.start' ? known('engine.spawn') : unknown
    case 'load.start':
      return duringLoad(atMs, next, start)
    case 'load.end':
      return afterLoad(atMs, next, start)
    case 'kv.end':
      return next === 'served' ? unknown : known('engine.other')
    case 'engine.ready':
      return milestones['engine.ready']?.inferred === true ? inferred('server.start') : known('server.start')
    case 'served':
      return known('probe.slack')
  }
}

function duringLoad(atMs: number, next: Moment | undefined, { intervals, milestones }: StartOfLog): Default {
  const ended = [...ofPhase(intervals, 'weights.download'), ...ofPhase(intervals, 'weights.read')].filter((each) => each.end.ms <= atMs)
  const last = ended.toSorted((a, b) => a.end.ms - b.end.ms).at(-1)?.phase
  const isOver = next === 'load.end'
  if (last === 'weights.read') {
    if (isOver && milestones['load.end']?.inferred === true) return inferred('weights.post')
    return next === undefined || isOver ? known('weights.post') : unknown
  }
  if (ofPhase(intervals, 'weights.read').length > 0 || next === undefined) return known('model.init')
  if (!isOver) return unknown
  // Dummy weights, and loaders that do not log what they read.
  const [init] = ofPhase(intervals, 'model.init')
  return init === undefined ? inferred('model.load') : inferred(atMs >= init.end.ms ? 'weights.read' : 'model.init')
}

function afterLoad(atMs: number, next: Moment | undefined, { intervals, milestones, compiles }: StartOfLog): Default {
  const compiled = ofPhase(intervals, 'compile')
  // A model without a KV cache is not profiled.
  if (next === 'engine.ready') return known('engine.other')
  if (next === 'served') return unknown
  if (compiled.some(({ start }) => start.ms <= atMs)) return known('kv.profile')
  if (compiled.length > 0) return known('engine.other')
  if (compiles === false || ofPhase(intervals, 'kv.profile').length > 0) return known('kv.profile')
  return next === undefined && milestones['kv.end'] === undefined ? known('engine.other') : unknown
}
