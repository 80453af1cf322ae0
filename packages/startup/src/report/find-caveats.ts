import type { Comparison } from '../compare/compare-runs.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { runsOf } from './benchmark.ts'
import type { Report } from './report.ts'

/** Below this many pods, quantiles are no more than the values themselves. */
const smallSample = 20

/** What makes the figures worth less, a sentence each: what disturbed the measurement, what it lacks, and what differs beside what is compared. */
export function findCaveats(runs: readonly Report[], comparison: Comparison | undefined): readonly string[] {
  const [candidate, baseline] = [runsOf({ runs }, 'candidate'), runsOf({ runs }, 'baseline')]
  const pods = candidate.flatMap((run) => run.pods)
  const disturbed = runs.flatMap(({ run }) => (run?.disturbed === undefined ? [] : [run.disturbed]))
  const unmeasured = new Set(
    pods.flatMap(({ firstToken }) => (firstToken !== undefined && 'notMeasured' in firstToken ? [firstToken.notMeasured] : [])),
  )
  const dropped = runs.reduce((sum, run) => sum + run.pods.reduce((own, pod) => own + pod.dropped.length, 0), 0)
  return [
    ...disturbed.map((reason) => `A run was disturbed: ${reason}.`),
    ...[...unmeasured].map((reason) => `The first token was not measured, because ${reason}.`),
    ...placeCaveats(pods, baseline.flatMap((run) => run.pods)), // prettier-ignore
    ...(comparison?.against === 'file'
      ? ['The baseline was measured at another time: what changes from run to run is not in its noise.']
      : []),
    ...(comparison === undefined && pods.length < smallSample
      ? [`New pods: ${pods.length}. So small a sample shows what was seen and promises nothing of the next run.`]
      : []),
    ...(dropped > 0 ? [`${dropped} stamps contradicted the others and were left out; the report names them.`] : []),
  ]
}

/** As long as Fast Snapshot Restore takes for the first TiB (EBS user guide, `optimizing`). */
const freshMs = 3_600_000

/** A snapshot that was just taken: its first volumes say little of later ones. */
export function freshSnapshot(candidate: readonly Report[], begunAt: Date | undefined): readonly string[] {
  const first = candidate.find(({ environment }) => environment.volume?.fromSnapshot === true)
  const ageMs = first === undefined || begunAt === undefined ? Infinity : Date.parse(first.scaledAt) - begunAt.getTime()
  if (ageMs >= freshMs) return []
  return [
    `The snapshot was begun ${Math.max(1, Math.round(ageMs / 60_000))} minutes before, and these are among the first volumes from it: EBS may give their blocks more slowly than later, and Fast Snapshot Restore is not complete. Measure once more before you believe a slower start.`,
  ]
}

function placeCaveats(candidate: readonly Timeline[], baseline: readonly Timeline[]): readonly string[] {
  const spot = [...candidate, ...baseline].filter(({ capacityType }) => capacityType === 'spot').length
  const zones = (pods: readonly Timeline[]) => [...new Set(pods.flatMap(({ zone }) => zone ?? []))].toSorted().join(', ')
  const [ours, theirs] = [zones(candidate), zones(baseline)]
  return [
    ...(spot > 0 ? [`Pods on spot nodes: ${spot}. How long EC2 takes to launch one changes with its market.`] : []),
    ...(ours !== '' && theirs !== '' && ours !== theirs ? [`The candidate ran in ${ours}, the baseline in ${theirs}.`] : []),
  ]
}
