import { setOutputs, type ActionContext } from '@prebake/action-kit'
import { PrebakeError } from '@prebake/kernel'
import type { Manifest } from '@prebake/manifests'
import type { Arm, BenchmarkErrorCode, DataVolume, Measurement } from '@prebake/startup'
import type { Baselines } from './baselines.ts'
import { outputs, type BenchmarkInputs } from './inputs.ts'
import { predictMeasured } from './predict-measured.ts'
import { publishBenchmark } from './publish-benchmark.ts'

export interface MeasuredRuns {
  readonly measurements: readonly Measurement[]
  /** What the report calls the Deployment. */
  readonly deployment: string
  /** The nodes' data volume by arm, as far as the manifests say it. */
  readonly volumes: Readonly<Partial<Record<Arm, DataVolume | undefined>>>
  /** Of the candidate; empty where the Deployment itself was scaled. */
  readonly manifests: readonly Manifest[]
  readonly baselines: Baselines
}

/** Writes reports, job summary, comment and outputs. @throws PrebakeError when pods were not Ready at the limit, after all of it; the regression that is to fail the step */
export async function reportRuns(
  { measurements, deployment, volumes, manifests, baselines }: MeasuredRuns,
  given: BenchmarkInputs,
  { env, clock, reporter }: Pick<ActionContext, 'env' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  const { buildReport } = await import('@prebake/startup')
  const options = {
    simulated: Boolean(env['PREBAKE_CLOCK_RATE']),
    copyOf: deployment,
    ...(env['PREBAKE_SEED'] && { seed: env['PREBAKE_SEED'] }),
  }
  const reports = measurements.map((measurement) => {
    const arm = measurement.run?.arm ?? 'candidate'
    const volume = volumes[arm]
    const snapshotId = arm === 'baseline' ? given.baselineSnapshotId : given.snapshotId
    return buildReport(measurement, {
      ...options,
      ...(snapshotId !== undefined && { snapshotId }),
      ...(volume !== undefined && { volume }),
    })
  })
  const report = reports.find(({ run }) => run?.arm === 'candidate')
  if (report === undefined) return
  const candidates = reports.filter(({ run }) => run?.arm !== 'baseline')
  const prediction = await predictMeasured({ runs: candidates, manifests, given }, signal)
  const late = measurements.findIndex(({ timedOut }) => timedOut)
  const trouble = measurements[late]?.trouble
  const { regression, ...published } = await publishBenchmark(
    { runs: reports, ...prediction, ...(trouble !== undefined && { trouble }) },
    baselines,
    { ...given, deployment },
    { env, clock, reporter },
    signal,
  )
  setOutputs(outputs, {
    'first-ready-seconds': seconds(report.firstReadySeconds),
    'all-ready-seconds': seconds(report.allReadySeconds),
    'pod-startup-seconds': seconds(report.podStartupSeconds),
    'first-token-seconds': seconds(report.firstTokenSeconds ?? null),
    ...published,
  })
  if (late === -1) {
    reporter.info(`All ${given.to} replicas Ready ${seconds(report.allReadySeconds)} s after the scale request`)
    if (regression !== undefined && given.failOnRegression) throw regression
    return
  }
  const { from, to } = measurements[late] ?? report.environment
  const ready = reports[late]?.pods.filter((pod) => pod.ready).length ?? 0
  throw new PrebakeError(`Scale ${deployment} to ${to}: ${ready} of ${to - from} new pods were Ready at the limit.`, {
    code: 'new-pods-timeout' satisfies BenchmarkErrorCode,
    hint:
      trouble?.remedy ?? 'The job summary names the phase in which each pod is stuck. If the pods only need more time, raise `timeout`.',
    trouble,
  })
}

function seconds(value: number | null): string {
  return value === null ? '' : value.toFixed(1)
}
