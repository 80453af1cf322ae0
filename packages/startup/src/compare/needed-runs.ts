// The bundler's compiler sees only what is referred to.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./jstat.d.ts" />
import jstat from 'jstat'
import type { Noise } from './noise.ts'

const { jStat } = jstat

/** What `runs` takes. */
const mostRuns = 20

/**
 * Runs of each arm with which the noise of single pods would lie below the threshold: n pods of each arm have t · s · √(2/n), with 2n − 2 degrees of freedom.
 * @param pods of one run of one arm
 * @returns undefined where whole runs differ, so that more pods of a run show nothing more, or where even the most runs are too few
 */
export function neededRuns({ deviation, level }: Noise, pods: number, thresholdSeconds: number, confidence: number): number | undefined {
  if (level === 'runs') return undefined
  for (let runs = 1; runs <= mostRuns; runs++) {
    const count = runs * pods
    if (count < 2) continue
    const halfWidth = jStat.studentt.inv((1 + confidence) / 2, 2 * count - 2) * deviation * Math.sqrt(2 / count)
    if (halfWidth <= thresholdSeconds) return runs
  }
  return undefined
}
