// The bundler's compiler sees only what is referred to.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./jstat.d.ts" />
import jstat from 'jstat'
import { mean, spread, spreadBetweenRuns, spreadWithinRuns, sum, variance, type Sample, type Spread } from './sample.ts'

/** What the difference of two means may come to with nothing behind it. */
export interface Noise {
  /** Standard error of the difference. */
  readonly standardError: number
  readonly degreesOfFreedom: number
  /** Standard deviation of a single value, for the interval of one. */
  readonly deviation: number
  /** What varies: pods within a run, or whole runs, where the runs of one arm differ more than their pods explain. */
  readonly level: 'pods' | 'runs'
}

/** Chance at which a simple model of the noise is given up for a wider one, although it holds. */
const modelRisk = 0.05
const { jStat } = jstat

/**
 * Noise of the difference of two means, from the values themselves. Undefined where nothing is repeated in either arm.
 *
 * Pods within one arm have the same start: their spread is the noise, pooled over both arms (Student's two-sample t; NIST/SEMATECH e-Handbook of
 * Statistical Methods, 1.3.5.3). Where the two variances differ beyond chance (F test, 1.3.5.9), Welch's approximation holds instead. The A/A comparison is
 * that of runs of the same arm: where they differ by more than their pods explain (one-way analysis of variance, 7.4.3.3), a run counts as one value
 * (Kalibera and Jones, "Rigorous Benchmarking in Reasonable Time", 2013: the noise is that of the highest level that varies). A stamp cut off to whole
 * seconds adds the variance of a uniform distribution, width² / 12 (JCGM 100:2008, 4.3.7).
 * @param comparisons how many are made at once: the A/A comparison then has its share of the error, too
 */
export function differenceNoise(a: Sample, b: Sample, comparisons = 1): Noise | undefined {
  const ofPods = podNoise(a, b)
  const ofRuns = runsDiffer(a, b, modelRisk / comparisons) ? runNoise(a, b) : undefined
  if (ofPods === undefined) return ofRuns
  if (ofRuns === undefined) return ofPods
  return halfWidth(ofRuns, 0.99) > halfWidth(ofPods, 0.99) ? ofRuns : ofPods
}

/** Half the width of the interval that holds the difference with this confidence. */
export function halfWidth({ standardError, degreesOfFreedom }: Noise, confidence: number): number {
  return quantile(confidence, degreesOfFreedom) * standardError
}

/**
 * Half the width of the prediction interval of one further value beside a mean of `count`: t · s · √(1 + 1/n) (Hahn and Meeker, "Statistical Intervals", 4.7).
 */
export function singleHalfWidth({ deviation, degreesOfFreedom }: Noise, count: number, confidence: number): number {
  return quantile(confidence, degreesOfFreedom) * deviation * Math.sqrt(1 + 1 / count)
}

/** Student's t, two-sided. */
function quantile(confidence: number, degrees: number): number {
  return jStat.studentt.inv((1 + confidence) / 2, degrees)
}

function podNoise(a: Sample, b: Sample): Noise | undefined {
  return twoSampleNoise(a.runs.flat(), b.runs.flat(), instrumentVariance(a), instrumentVariance(b), 'pods')
}

function runNoise(a: Sample, b: Sample): Noise | undefined {
  const means = ({ runs }: Sample) => runs.filter((run) => run.length > 0).map(mean)
  return twoSampleNoise(means(a), means(b), 0, 0, 'runs')
}

function twoSampleNoise(
  a: readonly number[],
  b: readonly number[],
  instrumentA: number,
  instrumentB: number,
  level: Noise['level'],
): Noise | undefined {
  const [ofA, ofB] = [spread(a), spread(b)]
  const pooled = sum([ofA, ofB])
  if (a.length === 0 || b.length === 0 || pooled.degrees === 0) return undefined
  const [varianceA, varianceB] = differ(ofA, ofB) ? [variance(ofA), variance(ofB)] : [variance(pooled), variance(pooled)]
  const [shareA, shareB] = [(varianceA + instrumentA) / a.length, (varianceB + instrumentB) / b.length]
  return {
    standardError: Math.sqrt(shareA + shareB),
    degreesOfFreedom: differ(ofA, ofB) ? welchDegrees(shareA, ofA.degrees, shareB, ofB.degrees) : pooled.degrees,
    deviation: Math.sqrt(varianceB + instrumentB),
    level,
  }
}

/** Welch and Satterthwaite (NIST e-Handbook, 1.3.5.3). */
function welchDegrees(shareA: number, degreesA: number, shareB: number, degreesB: number): number {
  return (shareA + shareB) ** 2 / (shareA ** 2 / degreesA + shareB ** 2 / degreesB)
}

function differ(a: Spread, b: Spread): boolean {
  if (a.degrees === 0 || b.degrees === 0) return false
  const [large, small] = variance(a) > variance(b) ? [a, b] : [b, a]
  return variance(large) > variance(small) * jStat.centralF.inv(1 - modelRisk / 2, large.degrees, small.degrees)
}

/** The A/A comparison of both arms at once. */
function runsDiffer(a: Sample, b: Sample, risk: number): boolean {
  const within = sum([spreadWithinRuns(a), spreadWithinRuns(b)])
  const between = sum([spreadBetweenRuns(a), spreadBetweenRuns(b)])
  if (within.degrees === 0 || between.degrees === 0) return false
  const resolution = Math.max(instrumentVariance(a), instrumentVariance(b))
  return variance(between) > (variance(within) + resolution) * jStat.centralF.inv(1 - risk, between.degrees, within.degrees)
}

function instrumentVariance({ precisionSeconds = 0 }: Sample): number {
  return precisionSeconds ** 2 / 12
}
