import type { Report } from '../report/report.ts'
import { comparePhases, historyPhases, podPhases, runPhases, type PhaseComparison } from './compare-phases.ts'
import { conditionsOf, describeDifference, environmentDifferences, type EnvironmentDifference } from './environment-differences.ts'
import { commonMetric, metricByRun, type Metric } from './headline.ts'
import type { HistoryEntry } from './history.ts'
import { judge, type Judgement } from './judge.ts'
import { mean, type Sample } from './sample.ts'

/** Where the baseline comes from: measured in turn with the candidate, earlier runs of the default branch, or a report that was given. */
export type BaselineSource = 'same job' | 'default branch' | 'file'

export interface Comparison extends Judgement {
  readonly against: BaselineSource
  readonly metric: Metric
  /** Runs of the baseline that were compared. */
  readonly baselineRuns: number
  /** Conditions that differ: then nothing was compared. */
  readonly differences: readonly EnvironmentDifference[]
  /** The difference between the halves of one arm, the larger of both arms: what a comparison of the same with the same shows. */
  readonly aaSeconds?: number
  readonly phases: readonly PhaseComparison[]
}

/** The candidate beside runs that have pods of their own. */
export function compareRuns(
  candidate: readonly Report[],
  baseline: readonly Report[],
  against: BaselineSource,
  thresholdShare: number,
): Comparison {
  const metric = commonMetric([...candidate, ...baseline])
  const [ours, theirs] = [metricByRun(candidate, metric), metricByRun(baseline, metric)]
  const startSeconds = mean(theirs.flat())
  const judgement = judge({ runs: ours }, { runs: theirs }, thresholdShare * startSeconds)
  const differences = firstDifferences(candidate, baseline.map(conditionsOf))
  const halves = [aaDifference(ours), aaDifference(theirs)].filter((seconds) => seconds !== undefined)
  return {
    ...withoutVerdict(judgement, differences, [...unfit(candidate, 'candidate'), ...unfit(baseline, 'baseline')]),
    against,
    metric,
    baselineRuns: baseline.length,
    differences,
    ...(halves.length > 0 && { aaSeconds: Math.max(...halves) }),
    phases: differences.length > 0 ? [] : comparePhases(podPhases(candidate), podPhases(baseline), thresholdShare, startSeconds),
  }
}

/**
 * The candidate beside earlier runs of the default branch, each of which counts as one value. Those under other conditions are left out; where all are, the
 * newest one's conditions are named. Undefined without any.
 */
export function compareWithHistory(
  candidate: readonly Report[],
  history: readonly HistoryEntry[],
  thresholdShare: number,
): Comparison | undefined {
  const fitting = history.filter((entry) => firstDifferences(candidate, [entry.conditions]).length === 0)
  const used = fitting.length > 0 ? fitting : history.slice(-1)
  if (used.length === 0) return undefined
  const metric = used.every((entry) => entry.firstTokenSeconds !== undefined) ? commonMetric(candidate) : 'ready'
  const ours: Sample = { runs: metricByRun(candidate, metric).map((values) => [mean(values)]) }
  const theirs: Sample = { runs: used.map((entry) => [metric === 'ready' ? entry.readySeconds : (entry.firstTokenSeconds ?? NaN)]) }
  const startSeconds = mean(theirs.runs.flat())
  const differences = fitting.length > 0 ? [] : firstDifferences(candidate, [used[0]!.conditions])
  return {
    ...withoutVerdict(judge(ours, theirs, thresholdShare * startSeconds), differences, unfit(candidate, 'candidate')),
    noiseOf: 'runs',
    against: 'default branch',
    metric,
    baselineRuns: fitting.length,
    differences,
    phases: differences.length > 0 ? [] : comparePhases(runPhases(candidate), historyPhases(used), thresholdShare, startSeconds),
  }
}

function firstDifferences(candidate: readonly Report[], baseline: Parameters<typeof environmentDifferences>[0][]) {
  for (const ours of candidate.map(conditionsOf))
    for (const theirs of baseline) {
      const found = environmentDifferences(ours, theirs)
      if (found.length > 0) return found
    }
  return []
}

/** Why a run may not be judged. */
function unfit(runs: readonly Report[], arm: string): readonly string[] {
  return runs.flatMap(({ run, pods, allReadySeconds }, index) => {
    const name = runs.length === 1 ? `the ${arm}` : `run ${run?.number ?? index + 1} of the ${arm}`
    if (run?.disturbed !== undefined) return [`${name} was disturbed: ${run.disturbed}`]
    const missing = pods.filter((pod) => !pod.ready).length
    return allReadySeconds === null ? [`not all pods of ${name} became Ready${missing > 0 ? ` (${missing} did not)` : ''}`] : []
  })
}

function withoutVerdict(judgement: Judgement, differences: readonly EnvironmentDifference[], unfitting: readonly string[]): Judgement {
  const because = [...differences.map(describeDifference), ...unfitting][0]
  return because === undefined ? judgement : { ...judgement, verdict: 'inconclusive', because }
}

/** Runs in turn; of one run, its pods in turn. */
function aaDifference(runs: readonly (readonly number[])[]): number | undefined {
  const units = runs.length > 1 ? runs : (runs[0] ?? []).map((value) => [value])
  const half = (parity: number) => units.filter((_, index) => index % 2 === parity).flat()
  const [odd, even] = [half(0), half(1)]
  return odd.length === 0 || even.length === 0 ? undefined : Math.abs(mean(odd) - mean(even))
}
