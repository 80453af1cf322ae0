import { type ActionContext } from '@prebake/action-kit'
import { PrebakeError, type Trouble } from '@prebake/kernel'
import type { BenchmarkErrorCode, BenchmarkReport, Report } from '@prebake/startup'
import type { Baselines } from './baselines.ts'
import { comment } from './comment.ts'
import type { BenchmarkInputs } from './inputs.ts'
import type { PredictedMeasurement } from './predict-measured.ts'
import { writeReport } from './write-report.ts'

/** Outputs by their names, and the error of a start that is slower, which fails the step where the user wants it. */
export interface PublishedBenchmark {
  readonly verdict: string
  readonly 'predicted-seconds': string
  readonly 'cpu-factor': string
  readonly 'cold-start-p90-seconds': string
  readonly report: string
  readonly 'report-html': string
  readonly 'report-llm-d': string
  readonly 'comment-url': string
  readonly regression: PrebakeError | undefined
}

export interface MeasuredBenchmark extends PredictedMeasurement {
  readonly runs: readonly Report[]
  /** Why pods were not Ready at the limit. */
  readonly trouble?: Trouble
}

/** Compares the runs, and writes what they show: the report, its page, the job summary and the comment. */
export async function publishBenchmark(
  { runs, trouble, predicted, snapshotBegunAt }: MeasuredBenchmark,
  { workflow, history, report: givenRuns }: Baselines,
  given: BenchmarkInputs,
  { env, clock, reporter }: Pick<ActionContext, 'env' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<PublishedBenchmark> {
  const { buildBenchmark, renderComment, runsOf } = await import('@prebake/startup')
  const benchmark = buildBenchmark(runs, {
    createdAt: clock.now(),
    thresholdShare: given.regressionThreshold / 100,
    given: givenRuns,
    predicted,
    ...(snapshotBegunAt !== undefined && { snapshotBegunAt }),
    history: history.entries,
    ...(history.missing !== undefined && { historyMissing: history.missing }),
  })
  await history.add(runsOf(benchmark, 'candidate'))
  const { json, page, llmD } = await writeReport(benchmark, env)
  const markdown = renderComment(benchmark)
  reporter.summary(markdown)
  const url = await comment(trouble === undefined ? markdown : `${markdown}\n${folded(trouble)}`, given, { workflow, reporter }, signal)
  return {
    verdict: benchmark.comparison?.verdict ?? '',
    ...predictionOutputs(benchmark),
    'cold-start-p90-seconds': benchmark.candidate.p90Seconds?.toFixed(1) ?? '',
    report: json,
    'report-html': page,
    'report-llm-d': llmD,
    'comment-url': url ?? '',
    regression: regressionOf(benchmark),
  }
}

/** The job summary has it where the step fails; the pull request has only this. */
const folded = ({ code, markdown }: Trouble): string =>
  `<details><summary>Why the pods were not Ready${code === undefined ? '' : `: <code>${code}</code>`}</summary>\n\n${markdown}\n</details>\n`

function predictionOutputs({ prediction }: BenchmarkReport): Pick<PublishedBenchmark, 'predicted-seconds' | 'cpu-factor'> {
  if (prediction === undefined || 'notPredicted' in prediction) return { 'predicted-seconds': '', 'cpu-factor': '' }
  const { all, cpuFactor } = prediction
  return { 'predicted-seconds': all.predicted.expected.toFixed(1), 'cpu-factor': cpuFactor.learned?.toFixed(2) ?? '' }
}

function regressionOf({ comparison }: BenchmarkReport): PrebakeError | undefined {
  if (comparison?.verdict !== 'slower') return undefined
  const { candidateSeconds, baselineSeconds, differenceSeconds, noiseSeconds = 0 } = comparison
  const figures = `${candidateSeconds.toFixed(1)} s, ${differenceSeconds.toFixed(1)} s more than the baseline's ${baselineSeconds.toFixed(1)} s, with a noise of ${noiseSeconds.toFixed(1)} s`
  return new PrebakeError(`Compare the start with the baseline: it takes ${figures}.`, {
    code: 'start-regressed' satisfies BenchmarkErrorCode,
    hint: 'The phases that changed are in the job summary. If the slower start is meant, set `fail-on-regression` to false for this run.',
  })
}
