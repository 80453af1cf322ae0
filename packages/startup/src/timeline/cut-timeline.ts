import { keepInOrder } from './keep-in-order.ts'
import { markIds, type Mark, type MarkId } from './mark.ts'
import { phaseAfter, phaseBetween, unattributed, type PhaseId, type StartFacts } from './phases.ts'
import type { DroppedStamp, TimelineRow } from './timeline.ts'

export interface Cut {
  readonly startMs: number
  readonly rows: readonly TimelineRow[]
  readonly wallSeconds: number
  readonly lastPhase: PhaseId
  readonly dropped: readonly DroppedStamp[]
  /** Where a kept mark stands, in milliseconds since 1970. */
  readonly at: (id: MarkId) => number | undefined
}

/** Cuts the span from the first mark to the last into leaf phases, in any order of the marks given. What no phase names is unattributed. */
export function cutTimeline(marks: readonly Mark[], facts: StartFacts): Cut {
  const ordered = marks.filter(({ atMs }) => Number.isFinite(atMs)).toSorted((a, b) => markIds.indexOf(a.id) - markIds.indexOf(b.id))
  const { kept, dropped } = keepInOrder(ordered)
  const startMs = kept[0]?.placedMs ?? 0
  // Thousandths: doubles of today's milliseconds hold no more.
  const sinceStart = (ms: number) => Math.round((ms - startMs) * 1000) / 1000

  const rows = kept.slice(1).flatMap((to, index): TimelineRow[] => {
    const from = kept[index] ?? to
    const phase = phaseBetween(from.mark.id, to.mark.id, facts)
    const [start, end] = [sinceStart(from.placedMs), sinceStart(to.placedMs)]
    if (phase === unattributed && start === end) return []
    return [
      {
        phase,
        startMs: start,
        endMs: end,
        seconds: (end - start) / 1000,
        clock: from.mark.clock === to.mark.clock ? to.mark.clock : `${from.mark.clock} → ${to.mark.clock}`,
        source: `${from.mark.source} → ${to.mark.source}`,
        precisionMs: Math.max(precisionMs(from.mark), precisionMs(to.mark)),
      },
    ]
  })

  const reached = kept.findLast(({ mark }) => mark.id !== 'observed.end')?.mark.id
  return {
    startMs,
    rows,
    wallSeconds: sinceStart(kept.at(-1)?.placedMs ?? startMs) / 1000,
    lastPhase: (reached === undefined ? undefined : phaseAfter(reached, facts)) ?? rows.at(-1)?.phase ?? unattributed,
    dropped: dropped.map(({ id, atMs, source }) => ({ mark: id, at: new Date(atMs).toISOString(), source })),
    at: (id) => kept.find(({ mark }) => mark.id === id)?.placedMs,
  }
}

/** Never below a microsecond, which is what is left of a stamp in nanoseconds. */
function precisionMs({ earliestMs, latestMs }: Mark): number {
  return Math.max(0.001, Math.round((latestMs - earliestMs) * 1000) / 1000)
}
