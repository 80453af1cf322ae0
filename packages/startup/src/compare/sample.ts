// The bundler's compiler sees only what is referred to.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./jstat.d.ts" />
import jstat from 'jstat'

/** Seconds of one quantity under one condition: the pods' values, run by run. */
export interface Sample {
  readonly runs: readonly (readonly number[])[]
  /** Width of the interval in which a stamp places its moment: 1 where Kubernetes cut off the fraction of a second. */
  readonly precisionSeconds?: number
}

/** Sum of squared deviations around one mean or several, and its degrees of freedom. */
export interface Spread {
  readonly squares: number
  readonly degrees: number
}

const { jStat } = jstat

/** NaN of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? NaN : jStat.mean([...values])
}

/** Around the mean. */
export function spread(values: readonly number[]): Spread {
  if (values.length < 2) return { squares: 0, degrees: 0 }
  return { squares: jStat.variance([...values], true) * (values.length - 1), degrees: values.length - 1 }
}

/** Pods around the mean of their own run. */
export function spreadWithinRuns({ runs }: Sample): Spread {
  return sum(runs.map(spread))
}

/** Runs around the mean of all, weighted by their pods: the rest of the analysis of variance. */
export function spreadBetweenRuns(sample: Sample): Spread {
  const runs = sample.runs.filter((run) => run.length > 0)
  const all = mean(runs.flat())
  return { squares: runs.reduce((total, run) => total + run.length * (mean(run) - all) ** 2, 0), degrees: Math.max(0, runs.length - 1) }
}

/** Of samples that share one variance. */
export function sum(spreads: readonly Spread[]): Spread {
  return spreads.reduce((a, b) => ({ squares: a.squares + b.squares, degrees: a.degrees + b.degrees }), { squares: 0, degrees: 0 })
}

/** Mean square; 0 without degrees of freedom. */
export function variance({ squares, degrees }: Spread): number {
  return degrees === 0 ? 0 : squares / degrees
}

/** The smallest value that at least `share` of all reach at most (nearest rank, type 1 of Hyndman and Fan 1996): of five pods, the 90th percentile is the slowest. */
export function nearestRank(values: readonly number[], share: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)]
}
