import type { LogSpan } from '../log/log-span.ts'
import { keepInOrder } from './keep-in-order.ts'
import { markIds, type Mark, type MarkId } from './mark.ts'
import { phaseAfter, type StartFacts } from './phase-between.ts'
import { unattributed, type PhaseId } from './phases.ts'
import { logPieces, markPieces, type Piece } from './pieces.ts'
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

/**
 * Cuts the span from the first mark to the last into leaf phases, in any order of the marks given. What no phase names is unattributed.
 * @param spans vLLM's own phases: they fill what lies between the mark `log.first` and the end.
 */
export function cutTimeline(marks: readonly Mark[], facts: StartFacts, spans: readonly LogSpan[] = []): Cut {
  const ordered = marks.filter(({ atMs }) => Number.isFinite(atMs)).toSorted((a, b) => markIds.indexOf(a.id) - markIds.indexOf(b.id))
  const { kept, dropped } = keepInOrder(ordered)
  const startMs = kept[0]?.placedMs ?? 0
  const inLog = spans.length === 0 ? -1 : kept.findIndex(({ mark }) => mark.id === 'log.first')
  const pieces =
    inLog === -1 ? markPieces(kept, facts) : [...markPieces(kept.slice(0, inLog + 1), facts), ...logPieces(kept.slice(inLog), spans)]
  const reached = kept.findLast(({ mark }) => mark.id !== 'observed.end')?.mark.id
  return {
    startMs,
    rows: pieces.flatMap((piece) => rowOf(piece, startMs)),
    wallSeconds: sinceStart(kept.at(-1)?.placedMs ?? startMs, startMs) / 1000,
    lastPhase: lastNamed(pieces) ?? (reached === undefined ? undefined : phaseAfter(reached, facts)) ?? unattributed,
    dropped: dropped.map(({ id, atMs, source }) => ({ mark: id, at: new Date(atMs).toISOString(), source })),
    at: (id) => kept.find(({ mark }) => mark.id === id)?.placedMs,
  }
}

/** A start that failed stopped in the phase before its failure. */
function lastNamed(pieces: readonly Piece[]): PhaseId | undefined {
  const failed = pieces.findIndex(({ phase }) => phase === 'failure')
  return (failed > 0 ? pieces[failed - 1] : pieces.at(-1))?.phase
}

function rowOf({ phase, step, inferred, unfinished, fromMs, toMs, from, to }: Piece, startMs: number): readonly TimelineRow[] {
  const [start, end] = [sinceStart(fromMs, startMs), sinceStart(toMs, startMs)]
  if (phase === unattributed && start === end) return []
  return [
    {
      phase,
      ...(step !== undefined && { step }),
      ...(inferred && { inferred }),
      ...(unfinished && { unfinished }),
      startMs: start,
      endMs: end,
      seconds: (end - start) / 1000,
      clock: from.clock === to.clock ? to.clock : `${from.clock} → ${to.clock}`,
      source: `${from.source} → ${to.source}`,
      precisionMs: Math.max(precisionMs(from), precisionMs(to)),
    },
  ]
}

/** Thousandths: doubles of today's milliseconds hold no more. */
function sinceStart(ms: number, startMs: number): number {
  return Math.round((ms - startMs) * 1000) / 1000
}

/** Never below a microsecond, which is what is left of a stamp in nanoseconds. */
function precisionMs({ earliestMs, latestMs }: Pick<Mark, 'earliestMs' | 'latestMs'>): number {
  return Math.max(0.001, Math.round((latestMs - earliestMs) * 1000) / 1000)
}
