import { phases, type PhaseId } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { code, seconds, table } from './markdown-table.ts'
import { median } from './median.ts'

/** Shorter steps are only in the report's file. */
const shortestSeconds = 0.5

/** The steps within the phases, over the pods that became Ready, collapsed. Empty if no step takes long. */
export function stepTable(pods: readonly Timeline[]): readonly string[] {
  const byStep = new Map<PhaseId, Map<string, number[]>>()
  for (const { rows } of pods.filter((pod) => pod.ready)) {
    const own = Map.groupBy(
      rows.filter((row) => row.step !== undefined && row.seconds > 0),
      ({ phase, step = '' }) => `${phase} ${step}`,
    )
    for (const [first, ...more] of own.values()) {
      const { phase, step = '', seconds: least } = first!
      const ofPhase = byStep.get(phase) ?? new Map<string, number[]>()
      byStep.set(
        phase,
        ofPhase.set(
          step,
          pushed(
            ofPhase.get(step) ?? [],
            more.reduce((sum, row) => sum + row.seconds, least),
          ),
        ),
      )
    }
  }
  const rows = phases.flatMap(({ id }) =>
    [...(byStep.get(id) ?? [])].flatMap(([name, sums]) => {
      const longest = sums.reduce((a, b) => Math.max(a, b), 0)
      return longest < shortestSeconds ? [] : [[code(id), name, seconds(median(sums)), seconds(longest), String(sums.length)]]
    }),
  )
  if (rows.length === 0) return []
  return ['<details><summary>Steps within the phases</summary>', table(['phase', 'step', 'median', 'max', 'pods'], rows, 2), '</details>']
}

function pushed<T>(list: T[], value: T): T[] {
  list.push(value)
  return list
}
