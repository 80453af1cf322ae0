import { setOutputs, workflowContext } from '@prebake/action-kit'
import { PrebakeError, type Reporter } from '@prebake/kernel'
import type { BenchmarkErrorCode, Measurement, Report } from '@prebake/startup'
import { comment } from './comment.ts'
import { outputs, type BenchmarkInputs } from './inputs.ts'
import { writeReport } from './write-report.ts'

export interface MeasuredRuns {
  readonly measurements: readonly Measurement[]
  /** What the report calls the Deployment. */
  readonly deployment: string
  /** The report of an earlier run. */
  readonly baseline: Report | undefined
}

/** Writes reports, job summary, comment and outputs. @throws PrebakeError when pods were not Ready at the limit, after all of it */
export async function reportRuns(
  { measurements, deployment, baseline }: MeasuredRuns,
  given: BenchmarkInputs,
  { env, reporter }: { readonly env: NodeJS.ProcessEnv; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<void> {
  const { buildReport, renderMarkdown } = await import('@prebake/startup')
  const options = {
    simulated: Boolean(env['PREBAKE_CLOCK_RATE']),
    copyOf: deployment,
    ...(env['PREBAKE_SEED'] && { seed: env['PREBAKE_SEED'] }),
    ...(given.snapshotId !== undefined && { snapshotId: given.snapshotId }),
  }
  const reports = measurements.map((measurement) => buildReport(measurement, options))
  const files = reports.map((report) => writeReport(report, env))
  const index = Math.max(
    0,
    reports.findIndex(({ run }) => run?.arm === 'candidate'),
  )
  const report = reports[index]
  if (report === undefined) return
  const markdown = renderMarkdown(report, reports.find(({ run }) => run?.arm === 'baseline') ?? baseline)
  reporter.summary(markdown)
  const url = await comment(markdown, { ...given, deployment }, { workflow: await workflowContext(), reporter }, signal)
  setOutputs(outputs, {
    'first-ready-seconds': seconds(report.firstReadySeconds),
    'all-ready-seconds': seconds(report.allReadySeconds),
    'pod-startup-seconds': seconds(report.podStartupSeconds),
    'first-token-seconds': seconds(report.firstTokenSeconds ?? null),
    report: files[index] ?? '',
    'comment-url': url ?? '',
  })
  const late = measurements.findIndex(({ timedOut }) => timedOut)
  if (late === -1) return reporter.info(`All ${given.to} replicas Ready ${seconds(report.allReadySeconds)} s after the scale request`)
  const { from, to } = measurements[late] ?? report.environment
  const ready = reports[late]?.pods.filter((pod) => pod.ready).length ?? 0
  throw new PrebakeError(`Scale ${deployment} to ${to}: ${ready} of ${to - from} new pods were Ready at the limit.`, {
    code: 'new-pods-timeout' satisfies BenchmarkErrorCode,
    hint: 'The job summary names the phase in which each pod is stuck. If the pods only need more time, raise `timeout`.',
  })
}

function seconds(value: number | null): string {
  return value === null ? '' : value.toFixed(1)
}
