import type { LogPhaseId } from '../timeline/phases.ts'
import type { Interval } from './interval.ts'
import type { Milestones } from './milestones.ts'
import type { Moment } from './vllm-form.ts'

/** What a phase cannot precede. */
const notBefore: Readonly<Partial<Record<LogPhaseId, Moment>>> = {
  'model.init': 'load.start',
  'weights.download': 'load.start',
  'weights.read': 'load.start',
  compile: 'load.end',
  'kv.profile': 'load.end',
  'graphs.capture': 'kv.end',
}

/** Cuts off what a rounded duration ("took 15 secs") adds before the milestone that the phase follows. */
export function clipIntervals(intervals: readonly Interval[], milestones: Milestones): readonly Interval[] {
  return intervals.map((each) => {
    const moment = notBefore[each.phase]
    const milestone = moment && milestones[moment]
    const isTooEarly = milestone !== undefined && each.start.ms < milestone.ms && (each.open || each.end.ms >= milestone.ms)
    return isTooEarly ? { ...each, start: milestone } : each
  })
}
