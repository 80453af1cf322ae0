import { readInputs, setOutputs, type ActionContext } from '@prebake/action-kit'
import { openCluster } from '@prebake/kubernetes/access'
import { PrebakeError } from '@prebake/kernel'
import type { BenchmarkErrorCode } from '@prebake/startup'
import { inputs, outputs } from './inputs.ts'
import { publishBenchmark } from './publish-benchmark.ts'
import { readBaseline } from './read-baseline.ts'
import { benchmarkState } from './state.ts'

/** Reads the inputs, measures the scale-up, and writes the report. The replicas stay scaled until `post` restores them. */
export async function main({ env, signal, reporter, clock }: ActionContext): Promise<void> {
  const given = readInputs(inputs)
  const { deployment, namespace, from, to } = given
  reporter.info(`Scale ${deployment} from ${from} to ${to} replicas`)
  const baselineFile = given.baseline ?? given.control
  const baseline = baselineFile === undefined ? [] : await readBaseline(baselineFile, env)

  const [{ workload }, { buildReport, measureScale }] = await Promise.all([
    openCluster(given, { env, clock }, signal),
    import('@prebake/startup'),
  ])
  const measurement = await measureScale(
    { deployment, namespace, from, to, timeoutMs: given.timeout },
    { workload, clock, reporter },
    signal,
    ({ replicas }) => benchmarkState().save({ deployment, namespace, replicas, set: [from, to] }),
  )

  const report = buildReport(measurement, {
    simulated: Boolean(env['PREBAKE_CLOCK_RATE']),
    ...(env['PREBAKE_SEED'] && { seed: env['PREBAKE_SEED'] }),
    ...(given.snapshotId !== undefined && { snapshotId: given.snapshotId }),
  })
  const { regression, ...published } = await publishBenchmark([report], baseline, given, { env, clock, reporter }, signal)
  setOutputs(outputs, {
    'first-ready-seconds': seconds(report.firstReadySeconds),
    'all-ready-seconds': seconds(report.allReadySeconds),
    'pod-startup-seconds': seconds(report.podStartupSeconds),
    ...published,
  })
  if (!measurement.timedOut) {
    reporter.info(`All ${to} replicas Ready ${seconds(report.allReadySeconds)} s after the scale request`)
    if (regression !== undefined && given.failOnRegression) throw regression
    return
  }
  // Only now, because the report explains which pods did not start.
  const ready = report.pods.filter((pod) => pod.ready).length
  throw new PrebakeError(`Scale ${deployment} to ${to}: ${ready} of ${to - from} new pods were Ready at the limit.`, {
    code: 'new-pods-timeout' satisfies BenchmarkErrorCode,
    hint: 'The job summary names the phase in which each pod is stuck. If the pods only need more time, raise `timeout`.',
  })
}

function seconds(value: number | null): string {
  return value === null ? '' : value.toFixed(1)
}
