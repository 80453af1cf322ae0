import { phases, unattributed } from '../timeline/phases.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { median } from './median.ts'
import type { PhaseSummary } from './report.ts'

/** Median and maximum of each phase over the pods that became Ready, in the order of a start; `unattributed` comes last and is always there. */
export function summarizePhases(pods: readonly Timeline[]): readonly PhaseSummary[] {
  const ready = pods.filter((pod) => pod.ready)
  return [...phases.map(({ id }) => id), unattributed].flatMap((phase): PhaseSummary[] => {
    const seconds = ready.flatMap(({ rows }) => {
      const ofPhase = rows.filter((row) => row.phase === phase)
      // Nothing unattributed is a finding, no missing value.
      return ofPhase.length > 0 || phase === unattributed ? [ofPhase.reduce((sum, row) => sum + row.seconds, 0)] : []
    })
    const middle = median(seconds)
    return middle === undefined ? [] : [{ phase, pods: seconds.length, medianSeconds: middle, maxSeconds: Math.max(...seconds) }]
  })
}
