import { compareRuns, compareWithHistory, type Comparison } from '../compare/compare-runs.ts'
import { commonMetric, summarizeHeadline } from '../compare/headline.ts'
import type { HistoryEntry } from '../compare/history.ts'
import { findLimit } from '../compare/limit.ts'
import { findCaveats, freshSnapshot } from './find-caveats.ts'
import { runsOf, type BenchmarkReport } from './benchmark.ts'
import { holdPrediction, type PredictedStart } from './prediction.ts'
import type { Report } from './report.ts'

export interface BenchmarkOptions {
  readonly createdAt: Date
  /** `0.1`: a start that takes a tenth more or less is another one. */
  readonly thresholdShare: number
  /** Runs of the report that was given as `baseline`. */
  readonly given?: readonly Report[]
  /** Runs of the default branch, the oldest first. */
  readonly history?: readonly HistoryEntry[]
  /** Why there is no history, where one was looked for: one sentence without a full stop. */
  readonly historyMissing?: string
  /** When the candidate's snapshot was begun, where that is known. */
  readonly snapshotBegunAt?: Date
  /** What a model says of the candidate, or why it cannot: one sentence without a full stop. */
  readonly predicted?: PredictedStart | { readonly notPredicted: string }
}

/**
 * What the runs show together. The candidate is compared with the first of these that there is: the baseline of the same job, a given report, the default
 * branch's runs.
 */
export function buildBenchmark(runs: readonly Report[], options: BenchmarkOptions): BenchmarkReport {
  const { createdAt, thresholdShare, history = [], historyMissing, predicted } = options
  const candidate = runsOf({ runs }, 'candidate')
  const comparison = compare(runs, options)
  // Where a pod did not start, its own lines say what it waits for.
  const limit = candidate.some(({ allReadySeconds }) => allReadySeconds === null) ? undefined : findLimit(candidate)
  return {
    schema: 2,
    simulated: runs.some(({ simulated }) => simulated),
    createdAt: createdAt.toISOString(),
    thresholdShare,
    candidate: summarizeHeadline(candidate, comparison?.metric ?? commonMetric(candidate)),
    ...(comparison !== undefined && { comparison }),
    ...(limit !== undefined && { limit }),
    ...(predicted !== undefined && { prediction: 'notPredicted' in predicted ? predicted : holdPrediction(predicted, candidate) }),
    history,
    // Only where it is missed.
    caveats: [
      ...findCaveats(runs, comparison),
      ...freshSnapshot(candidate, options.snapshotBegunAt),
      ...(comparison === undefined && historyMissing !== undefined ? [`${historyMissing}.`] : []),
    ],
    runs,
  }
}

function compare(runs: readonly Report[], { thresholdShare, given = [], history = [] }: BenchmarkOptions): Comparison | undefined {
  const [candidate, baseline] = [runsOf({ runs }, 'candidate'), runsOf({ runs }, 'baseline')]
  if (baseline.length > 0) return compareRuns(candidate, baseline, 'same job', thresholdShare)
  if (given.length > 0) return compareRuns(candidate, given, 'file', thresholdShare)
  return compareWithHistory(candidate, history, thresholdShare)
}
