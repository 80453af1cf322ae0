import { appendHistory, buildBenchmark, historyEntry, type BenchmarkReport } from '@prebake/startup'
import { drawReport, fromRegistry, fromSnapshot, type Drawing } from '../../../packages/startup/tests/drawn-report.ts'

/** Both arms in turn, from a snapshot and without it, with a history; so many pods in each run. */
export function sampleBenchmark(pods: number, change: Partial<Drawing> = {}): BenchmarkReport {
  const drawing = { pods, ...change }
  const runs = [1, 2].flatMap((number) => [
    drawReport({ ...drawing, seed: number * 2, phases: fromSnapshot, run: { arm: 'candidate', number, ...change.run } }),
    drawReport({ ...drawing, seed: number * 2 + 1, phases: fromRegistry, run: { arm: 'baseline', number, ...change.run } }),
  ])
  const earlier = Array.from({ length: 12 }, (_, index) =>
    historyEntry(drawReport({ seed: 40 + index, phases: fromRegistry, noise: 0.1 }), { sha: `${index}a1b2c3d4e5f` }),
  )
  return buildBenchmark(runs, {
    createdAt: new Date('2026-11-30T12:00:00Z'),
    thresholdShare: 0.1,
    history: appendHistory([], earlier.filter((entry) => entry !== undefined)), // prettier-ignore
  })
}
