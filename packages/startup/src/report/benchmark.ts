import type { Comparison } from '../compare/compare-runs.ts'
import type { Headline } from '../compare/headline.ts'
import type { HistoryEntry } from '../compare/history.ts'
import type { Limit } from '../compare/limit.ts'
import type { Prediction } from './prediction.ts'
import type { Report } from './report.ts'

/** A whole benchmark as the file `report` has it: every run of both arms, and what follows from them. docs/report.schema.json describes it. */
export interface BenchmarkReport {
  readonly schema: 2
  /** Whether a simulation's clock gave the seconds: they then say nothing about AWS. */
  readonly simulated: boolean
  /** ISO 8601. */
  readonly createdAt: string
  /** From which difference on a start counts as another one: a share of the baseline's seconds. */
  readonly thresholdShare: number
  readonly candidate: Headline
  /** Left out where nothing was there to compare with. */
  readonly comparison?: Comparison
  readonly limit?: Limit
  /** What plan-startup's model says of the candidate. Left out by releases that did not ask it. */
  readonly prediction?: Prediction
  /** Of the default branch, the oldest first. Empty where there is none. */
  readonly history: readonly HistoryEntry[]
  /** What makes the figures worth less, a sentence each. */
  readonly caveats: readonly string[]
  /** In the order in which they were measured. */
  readonly runs: readonly Report[]
}

/** The runs of one arm. A report without an arm is of a candidate. */
export function runsOf({ runs }: Pick<BenchmarkReport, 'runs'>, arm: 'candidate' | 'baseline'): readonly Report[] {
  return runs.filter(({ run }) => (run?.arm ?? 'candidate') === arm)
}
