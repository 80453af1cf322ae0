import type { BenchmarkReport } from '@prebake/startup'

/** The same benchmark with about so many pods, spread over each run from the first that was Ready to the last; those that never were come first of all. */
export function fewerPods(benchmark: BenchmarkReport, most: number): BenchmarkReport {
  const all = benchmark.runs.reduce((sum, { pods }) => sum + pods.length, 0)
  if (most >= all) return benchmark
  const runs = benchmark.runs.map((run) => {
    const sorted = run.pods.toSorted((a, b) => Number(a.ready) - Number(b.ready) || (a.readyAfterSeconds ?? 0) - (b.readyAfterSeconds ?? 0))
    const kept = Math.min(sorted.length, Math.max(2, Math.round((most * sorted.length) / all)))
    const chosen = new Set(Array.from({ length: kept }, (_, index) => sorted[Math.round((index * (sorted.length - 1)) / (kept - 1))]))
    return { ...run, pods: run.pods.filter((pod) => chosen.has(pod)) }
  })
  return { ...benchmark, runs }
}
