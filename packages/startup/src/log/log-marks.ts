import type { Stamp } from '../timeline/mark.ts'
import { ofPhase, type Edge, type Interval } from './interval.ts'
import type { Milestones } from './milestones.ts'
import { moments, type Moment } from './vllm-form.ts'

const intervalMarks = [
  ['download', 'weights.download'],
  ['weights', 'weights.read'],
  ['compile', 'compile'],
  ['graphs', 'graphs.capture'],
] as const

type IntervalMark = `${(typeof intervalMarks)[number][0]}.${'start' | 'end'}`

/** A moment that the log states. */
export interface LogMark extends Stamp {
  readonly id: 'log.first' | Moment | IntervalMark
}

/** The moments that lines state. Inferred moments are left out. */
export function logMarks(first: Edge | undefined, logged: Milestones, intervals: readonly Interval[]): readonly LogMark[] {
  return [
    ...(first === undefined ? [] : [markAt('log.first', first)]),
    ...moments.flatMap((moment) => {
      const milestone = logged[moment]
      return milestone === undefined ? [] : [markAt(moment, milestone)]
    }),
    ...intervalMarks.flatMap(([name, phase]) => {
      const all = ofPhase(intervals, phase)
      const starts = all.filter(({ knowledge }) => knowledge !== 'end logged').map(({ start }) => start)
      const ends = all.filter(({ open, knowledge }) => knowledge !== 'start logged' && (!open || phase === 'compile')).map(({ end }) => end)
      return [
        ...starts
          .toSorted((a, b) => a.ms - b.ms)
          .slice(0, 1)
          .map((edge) => markAt(`${name}.start`, edge)),
        ...ends
          .toSorted((a, b) => b.ms - a.ms)
          .slice(0, 1)
          .map((edge) => markAt(`${name}.end`, edge)),
      ]
    }),
  ]
}

function markAt(id: LogMark['id'], { ms, slackMs, source }: Edge): LogMark {
  return { id, atMs: ms, earliestMs: ms - slackMs, latestMs: ms + slackMs, clock: 'node', source }
}
