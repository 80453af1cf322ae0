import type { Measurement } from '../measure/measurement.ts'
import { buildTimelines } from '../timeline/build-timelines.ts'
import { median } from './median.ts'
import type { Report } from './report.ts'
import { summarizePhases } from './summarize-phases.ts'

export interface ReportOptions {
  readonly simulated: boolean
  readonly seed?: string
  readonly snapshotId?: string
}

/** What a measurement has shown, pod by pod and in sum. */
export function buildReport(measurement: Measurement, { simulated, seed, snapshotId }: ReportOptions): Report {
  const { deployment, namespace, from, to, image, scale } = measurement
  const pods = buildTimelines(measurement)
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
      deployment,
      namespace,
      from,
      to,
      image,
      ...(model !== undefined && { model }),
      ...(vllmVersion !== undefined && { vllmVersion }),
      instanceTypes: [...instanceTypes].toSorted(),
      ...(snapshotId !== undefined && { snapshotId }),
      ...(seed !== undefined && { seed }),
    },
    firstReadySeconds: readyAfter.length > 0 ? Math.min(...readyAfter) : null,
    allReadySeconds: readyAfter.length >= to - from ? Math.max(...readyAfter) : null,
    podStartupSeconds: median(startups) ?? null,
    phases: summarizePhases(pods),
    pods,
  }
}
