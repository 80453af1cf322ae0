import type { Edge } from '../log/interval.ts'
import type { LogSpan } from '../log/log-span.ts'
import type { PlacedMark } from './keep-in-order.ts'
import type { Stamp } from './mark.ts'
import { phaseAfter, phaseBetween, type StartFacts } from './phase-between.ts'
import { unattributed, type PhaseId } from './phases.ts'

/** A stretch of the timeline with one phase. */
export interface Piece {
  readonly phase: PhaseId
  readonly step?: string | undefined
  readonly inferred?: true | undefined
  readonly unfinished?: true | undefined
  readonly fromMs: number
  readonly toMs: number
  readonly from: Stamp
  readonly to: Stamp
}

/** The gaps between neighbouring marks. The last one before the end of the observation is the phase under way. */
export function markPieces(kept: readonly PlacedMark[], facts: StartFacts): readonly Piece[] {
  return kept.slice(1).map((to, index) => {
    const from = kept[index] ?? to
    const underWay = to.mark.id === 'observed.end' ? phaseAfter(from.mark.id, facts) : undefined
    const phase = underWay ?? phaseBetween(from.mark.id, to.mark.id, facts)
    return {
      phase,
      ...(underWay !== undefined && { unfinished: true }),
      fromMs: from.placedMs,
      toMs: to.placedMs,
      from: from.mark,
      to: to.mark,
    }
  })
}

/** The spans of the log from its first line to the end of the timeline. @param kept the mark `log.first`, and those after it. */
export function logPieces(kept: readonly PlacedMark[], spans: readonly LogSpan[]): readonly Piece[] {
  const [first, last] = [kept[0], kept.at(-1)]
  if (first === undefined || last === undefined) return []
  const isOver = last.mark.id !== 'observed.end'
  const clip = (ms: number) => Math.min(Math.max(ms, first.placedMs), last.placedMs)
  const pieces = spans.flatMap(({ phase, step, inferred, start, end }, index): Piece[] => {
    const [fromMs, toMs] = [index === 0 ? first.placedMs : clip(start.ms), clip(end?.ms ?? Infinity)]
    // A phase that begins exactly at the end has no length; what begins later is not part of the timeline.
    if (start.ms > last.placedMs && index > 0) return []
    return [
      {
        phase,
        step,
        inferred: inferred || undefined,
        unfinished: (!isOver && end === undefined && phase !== unattributed) || undefined,
        fromMs,
        toMs,
        from: stampOf(start),
        to: end === undefined || end.ms > last.placedMs ? last.mark : stampOf(end),
      },
    ]
  })
  const reached = pieces.at(-1)
  if (reached === undefined || reached.toMs === last.placedMs) return pieces
  return [...pieces, { phase: unattributed, fromMs: reached.toMs, toMs: last.placedMs, from: reached.to, to: last.mark }]
}

function stampOf({ ms, slackMs, source }: Edge): Stamp {
  return { atMs: ms, earliestMs: ms - slackMs, latestMs: ms + slackMs, clock: 'node', source }
}
