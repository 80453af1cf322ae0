import type { Report } from '../report/report.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { mean, nearestRank } from './sample.ts'
import { median } from '../report/median.ts'

/** What a start is judged by: scale request to the first token where it was measured of every pod that became Ready, else to Ready. */
export type Metric = 'first-token' | 'ready'

/** Of one arm. Seconds since the scale request, over the pods that became Ready. */
export interface Headline {
  readonly metric: Metric
  readonly pods: number
  readonly meanSeconds: number | null
  readonly medianSeconds: number | null
  readonly maxSeconds: number | null
  /** The 90th percentile by nearest rank. */
  readonly p90Seconds: number | null
}

/** The metric that all these runs have. */
export function commonMetric(runs: readonly Report[]): Metric {
  const ready = runs.flatMap(({ pods }) => pods.filter((pod) => pod.ready))
  return ready.length > 0 && ready.every((pod) => firstTokenSeconds(pod) !== undefined) ? 'first-token' : 'ready'
}

/** Seconds of each pod that became Ready, by run. */
export function metricByRun(runs: readonly Report[], metric: Metric): readonly (readonly number[])[] {
  return runs.map(({ pods }) =>
    pods.flatMap((pod) => {
      const seconds = !pod.ready ? undefined : metric === 'ready' ? pod.readyAfterSeconds : firstTokenSeconds(pod)
      return seconds === undefined ? [] : [seconds]
    }),
  )
}

export function summarizeHeadline(runs: readonly Report[], metric: Metric): Headline {
  const values = metricByRun(runs, metric).flat()
  return {
    metric,
    pods: values.length,
    meanSeconds: values.length > 0 ? mean(values) : null,
    medianSeconds: median(values) ?? null,
    maxSeconds: values.length > 0 ? values.reduce((a, b) => Math.max(a, b)) : null,
    p90Seconds: nearestRank(values, 0.9) ?? null,
  }
}

export function firstTokenSeconds({ firstToken }: Timeline): number | undefined {
  return firstToken !== undefined && 'afterScaleSeconds' in firstToken ? firstToken.afterScaleSeconds : undefined
}
