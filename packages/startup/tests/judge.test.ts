import { expect, test } from '@jest/globals'
import { judge, type Verdict } from '../src/compare/judge.ts'
import { differenceNoise, halfWidth, singleHalfWidth } from '../src/compare/noise.ts'
import { nearestRank, type Sample } from '../src/compare/sample.ts'
import { seededRandom } from './seeded-random.ts'

test('Student’s t against the published table: the noise of two samples of five', () => {
  // Means 102 and 102, both with a variance of 2.5; t(0.995, 8) = 3.355 (NIST e-Handbook, 1.3.6.7.2).
  const sample = { runs: [[100, 101, 102, 103, 104]] }
  const noise = differenceNoise(sample, sample)
  expect(noise).toMatchObject({ degreesOfFreedom: 8, level: 'pods' })
  expect(halfWidth(noise!, 0.99)).toBeCloseTo(3.355 * Math.sqrt(2.5 * 0.4), 3)
  expect(singleHalfWidth(noise!, 5, 0.95)).toBeCloseTo(2.306 * Math.sqrt(2.5 * 1.2), 3)
})

test('variances that differ beyond chance: Welch’s degrees of freedom', () => {
  const noise = differenceNoise({ runs: [[100, 101, 102, 103, 104]] }, { runs: [[50, 90, 100, 110, 160]] })
  expect(noise?.degreesOfFreedom).toBeCloseTo(4.01, 2)
})

test('one run beside several: the prediction interval of one further run', () => {
  // s = 2, n = 4, t(0.995, 3) = 5.841.
  const deviation = Math.sqrt(20 / 3)
  const noise = differenceNoise({ runs: [[100]] }, { runs: [[98], [100], [102], [104]] })
  expect(noise?.standardError).toBeCloseTo(deviation * Math.sqrt(1 + 1 / 4), 9)
  expect(halfWidth(noise!, 0.99)).toBeCloseTo(5.841 * deviation * Math.sqrt(1.25), 2)
})

test('runs of one arm that differ more than their pods: a run counts as one value', () => {
  const noise = differenceNoise(
    { runs: [[100, 101, 102], [130, 131, 132]] }, // prettier-ignore
    { runs: [[100, 101, 102], [131, 132, 133]] }, // prettier-ignore
  )
  expect(noise).toMatchObject({ level: 'runs', degreesOfFreedom: 2 })
})

test('stamps in whole seconds never give less noise than they have', () => {
  const equal = { runs: [[3, 3, 3, 3]], precisionSeconds: 1 }
  const noise = differenceNoise(equal, equal)
  expect(noise?.standardError).toBeCloseTo(Math.sqrt(1 / 12 / 2), 9)
})

test('nothing repeated: no verdict, whatever the difference', () => {
  expect(judge({ runs: [[10]] }, { runs: [[500]] }, 50)).toMatchObject({ verdict: 'inconclusive', differenceSeconds: -490 })
})

test('a percentile of few is one of them', () => {
  expect(nearestRank([5, 1, 2, 4, 3], 0.9)).toBe(5)
  expect(nearestRank([5, 1, 2, 4, 3], 0.5)).toBe(3)
  expect(nearestRank([], 0.9)).toBeUndefined()
})

/** Noise of pods and of runs as shares of the mean. */
interface World {
  readonly title: string
  readonly runs: readonly number[]
  readonly pods: number
  readonly between?: number
  readonly shape?: 'normal' | 'lognormal' | 'uniform'
}

function draw({ runs, pods, between = 0, shape = 'normal' }: World, seconds: number, random: ReturnType<typeof seededRandom>): Sample {
  return {
    runs: runs.map((count) => {
      const ofRun = seconds * (1 + between * random.normal())
      return Array.from({ length: count }, () => {
        if (shape === 'lognormal') return ofRun * Math.exp(pods * random.normal())
        return ofRun * (1 + pods * (shape === 'uniform' ? Math.sqrt(3) * (2 * random.next() - 1) : random.normal()))
      })
    }),
  }
}

function verdicts(world: World, factor: number, seed: number, pairs = 1000): Record<Verdict, number> {
  const random = seededRandom(seed)
  const counts = { faster: 0, slower: 0, same: 0, inconclusive: 0 }
  for (let pair = 0; pair < pairs; pair++) {
    const baseline = draw(world, 120, random)
    counts[judge(draw(world, 120 * factor, random), baseline, 12).verdict] += 1
  }
  return counts
}

const worlds: readonly World[] = [
  { title: 'five pods, 3 %', runs: [5], pods: 0.03 },
  { title: 'five pods, 4 %', runs: [5], pods: 0.04 },
  { title: 'five pods, uniform ±6 %', runs: [5], pods: 0.035, shape: 'uniform' },
  { title: 'five pods, skewed', runs: [5], pods: 0.035, shape: 'lognormal' },
  { title: 'five pods in two halves', runs: [3, 2], pods: 0.03 },
  { title: 'two runs of five', runs: [5, 5], pods: 0.04 },
  { title: 'two runs of five, 5 %', runs: [5, 5], pods: 0.05 },
  { title: 'three runs of five, 6 %', runs: [5, 5, 5], pods: 0.06 },
  { title: 'three runs of five that differ by 1 %', runs: [5, 5, 5], pods: 0.03, between: 0.01 },
]
const wild: readonly World[] = [
  { title: 'five pods, 8 %', runs: [5], pods: 0.08 },
  { title: 'five pods, 20 %, skewed', runs: [5], pods: 0.2, shape: 'lognormal' },
  { title: 'two runs of five that differ by 2 %', runs: [5, 5], pods: 0.03, between: 0.02 },
  { title: 'four runs of five that differ by 4 %', runs: [5, 5, 5, 5], pods: 0.03, between: 0.04 },
]

test.each(worlds)('A/A, $title: at most one false verdict in a hundred', (world) => {
  const { faster, slower } = verdicts(world, 1, 1)
  expect(faster + slower).toBeLessThanOrEqual(10)
})

test.each(wild)('A/A, $title: as few, whatever the noise', (world) => {
  const { faster, slower } = verdicts(world, 1, 1, 5000)
  expect(faster + slower).toBeLessThanOrEqual(50)
})

test.each(worlds)('a true +15 %, $title: found in nine of ten, never called faster or the same', (world) => {
  const { slower, faster, same } = verdicts(world, 1.15, 2)
  expect(slower).toBeGreaterThanOrEqual(900)
  expect(faster + same).toBeLessThanOrEqual(10)
})

test('noise that hides a difference says how many runs would show it', () => {
  const wide = { runs: [[100, 110, 120, 130, 140]] }
  const { because } = judge(wide, { runs: [[115, 125, 135, 145, 155]] }, 13)
  // s = 15.8: 15 pods of each arm have t(0.995, 28) · 15.8 · √(2/15) = 15.9, 25 have 12.0.
  expect(because).toMatch(/within noise; with runs set to [45] /)
  expect(judge({ runs: [[100]] }, { runs: [[98, 130]] }, 1).because).not.toMatch(/runs set/)
})
