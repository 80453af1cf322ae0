import { appendHistory, buildBenchmark, historyEntry, type BenchmarkReport, type PredictedStart } from '@prebake/startup'
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
    predicted,
    history: appendHistory([], earlier.filter((entry) => entry !== undefined)), // prettier-ignore
  })
}

const around = (expected: number) => ({ best: expected * 0.8, expected, worst: expected * 1.4 })
const predicted: PredictedStart = {
  setting: 'bake both; volumeInitializationRate 300 MiB/s; 600 MiB/s, 3000 IOPS; weights read through a memory map',
  instanceType: 'g6.2xlarge',
  podSeconds: around(84),
  allSeconds: around(92),
  phases: [
    { id: 'node', seconds: around(45), limit: 'EC2 and Bottlerocket' },
    { id: 'import', seconds: around(14), limit: 'pages of the image: 42 % of the volume filled' },
    { id: 'weights', seconds: around(9), limit: "the volume's throughput, 629 MB/s" },
    { id: 'compile', seconds: around(11), limit: "g6.2xlarge's CPU, 1.5 times the reference" },
  ],
  cpuFactor: { assumed: 1.5, learned: 1.21 },
  assumed: ['The image is taken as 9.4 GB compressed, the size of vLLM’s own.'],
}
