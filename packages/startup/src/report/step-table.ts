import { phases } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { code, seconds, table } from './markdown-table.ts'
import { median } from './median.ts'

/** Shorter steps are only in the report's file. */
const shortestSeconds = 0.5

/** The steps within the phases, over the pods that became Ready, collapsed. Empty if no step takes long. */
export function stepTable(pods: readonly Timeline[]): readonly string[] {
  const ready = pods.filter((pod) => pod.ready)
  const rows = phases.flatMap(({ id }) => {
    const ofPhase = ready.map((pod) => pod.rows.filter(({ phase, step }) => phase === id && step !== undefined))
    const steps = new Set(ofPhase.flat().map(({ step }) => step ?? ''))
    return [...steps].flatMap((name) => {
      const sums = ofPhase
        .map((own) => own.filter(({ step }) => step === name).reduce((sum, row) => sum + row.seconds, 0))
        .filter((sum) => sum > 0)
      const longest = Math.max(0, ...sums)
      return longest < shortestSeconds ? [] : [[code(id), name, seconds(median(sums)), seconds(longest), String(sums.length)]]
    })
  })
  if (rows.length === 0) return []
  return ['<details><summary>Steps within the phases</summary>', table(['phase', 'step', 'median', 'max', 'pods'], rows, 2), '</details>']
}
