import { phases, unattributed, type PhaseId } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { median } from './median.ts'
import type { PhaseSummary } from './report.ts'

/** Median and maximum of each phase over the pods that became Ready, in the order of a start; `unattributed` comes last and is always there. */
export function summarizePhases(pods: readonly Timeline[]): readonly PhaseSummary[] {
  const ready = pods.filter((pod) => pod.ready)
  const byPhase = new Map<PhaseId, number[]>()
  for (const { rows } of ready) {
    const own = new Map<PhaseId, number>()
    for (const { phase, seconds } of rows) own.set(phase, (own.get(phase) ?? 0) + seconds)
    // Nothing unattributed is a finding, no missing value.
    if (!own.has(unattributed)) own.set(unattributed, 0)
    for (const [phase, seconds] of own) {
      const all = byPhase.get(phase)
      if (all === undefined) byPhase.set(phase, [seconds])
      else all.push(seconds)
    }
  }
  return [...phases.map(({ id }) => id), unattributed].flatMap((phase): PhaseSummary[] => {
    const seconds = byPhase.get(phase) ?? []
    const middle = median(seconds)
    return middle === undefined
      ? []
      : [{ phase, pods: seconds.length, medianSeconds: middle, maxSeconds: seconds.reduce((a, b) => Math.max(a, b)) }]
  })
}
