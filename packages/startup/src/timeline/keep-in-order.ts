import type { Mark } from './mark.ts'

export interface PlacedMark {
  readonly mark: Mark
  /** Where it stands, within what its stamp allows, not before the mark ahead of it. */
  readonly placedMs: number
}

/** Marks that a timeline cannot do without outweigh all others. */
const anchors: Readonly<Partial<Record<Mark['id'], number>>> = { 'pod.created': 1000, ready: 2000, 'observed.end': 2000 }

/**
 * The selection of marks with the greatest weight that can have happened in the given order; the rest is reported as dropped.
 * Stamps that are true, however coarse, never contradict each other, so that nothing is dropped where the clocks agree.
 * A contradiction costs the fewest marks, and of two the coarser.
 */
export function keepInOrder(marks: readonly Mark[]): { readonly kept: readonly PlacedMark[]; readonly dropped: readonly Mark[] } {
  interface Selection {
    readonly weight: number
    readonly chosen: readonly Mark[]
  }
  // For each moment at which a selection can end at the earliest, the weightiest one.
  let selections = new Map<number, Selection>([[-Infinity, { weight: 0, chosen: [] }]])
  for (const mark of marks) {
    const next = new Map(selections)
    for (const [end, { weight, chosen }] of selections) {
      if (end > mark.latestMs) continue
      const longer = { weight: weight + weightOf(mark), chosen: [...chosen, mark] }
      const longerEnd = Math.max(end, mark.earliestMs)
      if (longer.weight > (next.get(longerEnd)?.weight ?? -1)) next.set(longerEnd, longer)
    }
    selections = next
  }
  const { chosen } = [...selections.values()].reduce((best, each) => (each.weight > best.weight ? each : best))
  return { kept: place(chosen), dropped: marks.filter((mark) => !chosen.includes(mark)) }
}

function weightOf({ id, earliestMs, latestMs }: Mark): number {
  return anchors[id] ?? (latestMs - earliestMs < 1000 ? 2 : 1)
}

/** Forwards for the earliest moment that each can have; backwards to bring each as near to its stamp as the next one lets it. */
function place(marks: readonly Mark[]): readonly PlacedMark[] {
  const earliest: number[] = []
  for (const mark of marks) earliest.push(Math.max(mark.earliestMs, earliest.at(-1) ?? -Infinity))
  const placed: PlacedMark[] = []
  for (const [index, mark] of [...marks.entries()].reverse()) {
    const bound = placed[0]?.placedMs ?? Infinity
    placed.unshift({ mark, placedMs: Math.max(earliest[index] ?? -Infinity, Math.min(mark.atMs, bound)) })
  }
  return placed
}
