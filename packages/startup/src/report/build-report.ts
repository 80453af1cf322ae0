import type { Measurement } from '../measure/measurement.ts'
import { estimateOffsets, oneClock } from '../timeline/clock-offsets.ts'
import { buildTimelines } from '../timeline/build-timelines.ts'
import type { RunFacts } from '../measure/run-facts.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { median } from './median.ts'
import type { DataVolume, Report } from './report.ts'
import { summarizePhases } from './summarize-phases.ts'

export interface ReportOptions {
  readonly simulated: boolean
  readonly seed?: string
  readonly snapshotId?: string
  readonly volume?: DataVolume
  /** What the measured Deployment is a copy of. */
  readonly copyOf?: string
}

/** What a measurement has shown, pod by pod and in sum. */
export function buildReport(measurement: Measurement, { simulated, seed, snapshotId, volume, copyOf }: ReportOptions): Report {
  const { deployment, namespace, from, to, image, scale } = measurement
  // The clocks of a simulation are one.
  const offsets = simulated ? oneClock : estimateOffsets(measurement)
  const pods = buildTimelines(measurement, offsets)
  const readyAfter = pods.flatMap(({ readyAfterSeconds }) => (readyAfterSeconds === undefined ? [] : [readyAfterSeconds]))
  const startups = pods.flatMap(({ startupSeconds }) => (startupSeconds === undefined ? [] : [startupSeconds]))
  const model = pods.find((pod) => pod.model !== undefined)?.model
  const vllmVersion = pods.find((pod) => pod.vllmVersion !== undefined)?.vllmVersion
  const instanceTypes = new Set(pods.flatMap(({ instanceType }) => (instanceType === undefined ? [] : [instanceType])))
  return {
    schema: 1,
    simulated,
    scaledAt: scale.sentAt.toISOString(),
    environment: {
      deployment: copyOf ?? deployment,
      namespace,
      from,
      to,
      image,
      ...(model !== undefined && { model }),
      ...(vllmVersion !== undefined && { vllmVersion }),
      instanceTypes: [...instanceTypes].toSorted(),
      ...(snapshotId !== undefined && { snapshotId }),
      ...(volume !== undefined && { volume }),
      ...(seed !== undefined && { seed }),
    },
    firstReadySeconds: readyAfter.length > 0 ? Math.min(...readyAfter) : null,
    allReadySeconds: readyAfter.length >= to - from ? Math.max(...readyAfter) : null,
    podStartupSeconds: median(startups) ?? null,
    ...(offsets.skews.length > 0 && { clockSkews: offsets.skews }),
    ...tokenFacts(measurement, pods),
    ...runFacts(measurement, pods),
    phases: summarizePhases(pods),
    pods,
  }
}

/** The last pod's first token, where the first tokens of all pods that were asked for are known. */
function tokenFacts({ tokens, from, to }: Measurement, pods: readonly Timeline[]): Pick<Report, 'firstTokenSeconds'> {
  if (tokens === undefined) return {}
  const after = pods.flatMap(({ firstToken }) => (firstToken && 'afterScaleSeconds' in firstToken ? [firstToken.afterScaleSeconds] : []))
  return { firstTokenSeconds: after.length >= to - from ? Math.max(...after) : null }
}

function runFacts({ run, disturbed }: Measurement, pods: readonly Timeline[]): { readonly run?: RunFacts } {
  if (run === undefined) return {}
  const fresh = pods.filter(({ newNode }) => newNode).length
  const nodes = fresh === pods.length ? 'cold' : fresh === 0 ? 'warm' : 'mixed'
  return { run: { ...run, nodes, ...(disturbed !== undefined && { disturbed }) } }
}
