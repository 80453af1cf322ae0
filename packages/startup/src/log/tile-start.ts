import { phaseOrder } from '../timeline/phases.ts'
import type { Edge } from './interval.ts'
import type { LogSpan } from './log-span.ts'
import { stageDefault, type StartOfLog } from './stage-default.ts'
import { moments } from './vllm-form.ts'

/**
 * Cuts a start into leaf phases, from its first line on. If the log shows several phases at one time, the earliest one counts, since the
 * slowest process holds up the others. Within one phase the innermost step counts.
 * @param failed where the start fails: the rest of the log, up to its last line, is the phase `failure`.
 */
export function tileStart(first: Edge, start: StartOfLog, failed?: { readonly at: Edge; readonly last: Edge }): readonly LogSpan[] {
  const edges = edgesOf(first, start, failed?.at)
  const pieces = edges.map((edge, index): LogSpan => {
    const end = edges[index + 1]
    if (failed !== undefined && end === undefined) return { ...failure, start: edge, end: failed.last }
    return { ...pieceAt(edge.ms, end?.ms ?? Infinity, start), start: edge, end }
  })
  return join(pieces)
}

function join(pieces: readonly LogSpan[]): readonly LogSpan[] {
  const joined: LogSpan[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    const same = last !== undefined && last.phase === piece.phase && last.step === piece.step && last.inferred === piece.inferred
    if (same) joined[joined.length - 1] = { ...last, end: piece.end }
    else joined.push(piece)
  }
  return joined
}

const failure = { phase: 'failure', step: undefined, inferred: false } as const

/** Every moment at which something can change, each once, none before the first line. */
function edgesOf(first: Edge, { milestones, intervals }: StartOfLog, failed: Edge | undefined): readonly Edge[] {
  const edges = [
    ...moments.flatMap((moment) => milestones[moment] ?? []),
    ...intervals.flatMap(({ start, end, open }) => (open ? [start] : [start, end])),
    ...(failed === undefined ? [] : [failed]),
  ].filter(({ ms }) => ms > first.ms && ms <= (failed?.ms ?? Infinity))
  const sorted = edges.toSorted((a, b) => a.ms - b.ms || a.slackMs - b.slackMs)
  return [first, ...sorted.filter(({ ms }, index) => ms !== sorted[index - 1]?.ms)]
}

function pieceAt(fromMs: number, toMs: number, start: StartOfLog): Pick<LogSpan, 'phase' | 'step' | 'inferred'> {
  const during = start.intervals.filter((each) => each.start.ms <= fromMs && (each.open || each.end.ms >= toMs))
  const [shown] = during.filter(({ knowledge }) => knowledge !== 'alongside').toSorted((a, b) => phaseOrder(a.phase) - phaseOrder(b.phase))
  const { phase, inferred } =
    shown === undefined ? stageDefault(fromMs, start) : { phase: shown.phase, inferred: shown.knowledge === 'end logged' }
  // If two began together, the one that was logged later.
  const steps = during
    .filter((each) => each.phase === phase && each.step !== undefined)
    .toReversed()
    .toSorted((a, b) => b.start.ms - a.start.ms)
  return { phase, step: steps[0]?.step, inferred }
}
