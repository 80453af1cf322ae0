import { neededRuns } from './needed-runs.ts'
import { differenceNoise, halfWidth, singleHalfWidth } from './noise.ts'
import { mean, type Sample } from './sample.ts'

export type Verdict = 'faster' | 'slower' | 'same' | 'inconclusive'

/** Of the interval that a difference must leave: one comparison in a hundred without a difference does. */
export const confidence = 0.99
/** Of each of the two one-sided tests that show equivalence (Schuirmann 1987). */
const equivalenceConfidence = 0.9

export interface Judgement {
  readonly verdict: Verdict
  /** Why there is no verdict, where there is none: one sentence without a full stop. */
  readonly because?: string
  readonly candidateSeconds: number
  readonly baselineSeconds: number
  /** Candidate less baseline: negative is faster. */
  readonly differenceSeconds: number
  /** Half of the interval that holds the difference of two measurements of the same thing. Left out where nothing is repeated. */
  readonly noiseSeconds?: number
  /** What differs between two measurements of the same thing: single pods, or whole runs. */
  readonly noiseOf?: 'pods' | 'runs'
  /** The least difference that matters. */
  readonly thresholdSeconds: number
  /** How many of the candidate's values lie beyond what one further value of the baseline would, on the side of the difference. */
  readonly beyondNoise?: { readonly count: number; readonly of: number }
}

/**
 * Compares the candidate's seconds with the baseline's. Faster or slower is what lies beyond the threshold *and* beyond noise; the same is what lies within the
 * threshold with all its noise (two one-sided tests); the rest is inconclusive.
 * @param thresholdSeconds below which a difference does not matter
 * @param comparisons how many are made at once: each then has its share of the error (Bonferroni)
 */
export function judge(candidate: Sample, baseline: Sample, thresholdSeconds: number, comparisons = 1): Judgement {
  const [ours, theirs] = [candidate.runs.flat(), baseline.runs.flat()]
  const [candidateSeconds, baselineSeconds] = [mean(ours), mean(theirs)]
  const differenceSeconds = candidateSeconds - baselineSeconds
  const found = { candidateSeconds, baselineSeconds, differenceSeconds, thresholdSeconds }
  const noise = differenceNoise(candidate, baseline, comparisons)
  if (noise === undefined) return { verdict: 'inconclusive', because: 'nothing was repeated, so the noise is unknown', ...found }
  const level = 1 - (1 - confidence) / comparisons
  const noiseSeconds = halfWidth(noise, level)
  const single = singleHalfWidth(noise, theirs.length, level)
  const count = ours.filter((value) => (value - baselineSeconds) * Math.sign(differenceSeconds) > single).length
  const all = { ...found, noiseSeconds, noiseOf: noise.level, beyondNoise: { count, of: ours.length } }
  const size = Math.abs(differenceSeconds)
  if (size > thresholdSeconds && size > noiseSeconds) return { verdict: differenceSeconds < 0 ? 'faster' : 'slower', ...all }
  if (size + halfWidth(noise, equivalenceConfidence) <= thresholdSeconds) return { verdict: 'same', ...all }
  const why = size > thresholdSeconds ? 'the difference is within noise' : 'the noise is too large to call them the same'
  const runs = neededRuns(noise, Math.max(...candidate.runs.map(({ length }) => length)), thresholdSeconds, level)
  const because =
    runs !== undefined && runs > candidate.runs.length ? `${why}; with runs set to ${runs} the noise would be below the threshold` : why
  return { verdict: 'inconclusive', because, ...all }
}
