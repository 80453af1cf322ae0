import { expect, test } from '@jest/globals'
import * as v from 'valibot'
import { benchmarkSchema } from '../src/report/benchmark-schema.ts'
import { buildBenchmark, type BenchmarkOptions } from '../src/report/build-benchmark.ts'
import type { PredictedStart } from '../src/report/prediction.ts'
import { renderComment } from '../src/report/render-comment.ts'
import { drawReport, fromSnapshot } from './drawn-report.ts'

const total = Object.values(fromSnapshot).reduce((sum, seconds) => sum + seconds, 0)
const around = (expected: number) => ({ best: expected * 0.8, expected, worst: expected * 1.3 })
/** A model that expects the drawn start times `share`. */
const model = (share: number, learned?: number): PredictedStart => ({
  setting: 'bake both; volumeInitializationRate 300 MiB/s',
  instanceType: 'g6.2xlarge',
  podSeconds: around(total * share),
  allSeconds: around(total * share * 1.05),
  phases: [
    { id: 'node', seconds: around(40), limit: 'EC2 and Bottlerocket' },
    { id: 'weights', seconds: around(20), limit: 'the volume | 300 MiB/s' },
    { id: 'image', seconds: around(0.1), limit: 'already there' },
  ],
  cpuFactor: { assumed: 1.5, ...(learned !== undefined && { learned }) },
  assumed: ['The image is taken as 9.4 GB.'],
})
const benchmark = (predicted: NonNullable<BenchmarkOptions['predicted']>, change: Parameters<typeof drawReport>[0] = {}) =>
  buildBenchmark([drawReport({ noise: 0.02, ...change })], { createdAt: new Date('2026-11-30'), thresholdShare: 0.1, predicted })

test('each figure stands beside the measured one, with its error as a share of the measured', () => {
  const { prediction } = benchmark(model(1))
  if (prediction === undefined || 'notPredicted' in prediction) throw new Error('no prediction')
  expect(Math.abs(prediction.pod.error)).toBeLessThan(0.05)
  const node = prediction.phases.find(({ id }) => id === 'node')
  expect(node?.measured).toBeCloseTo(3.1 + 21 + 6.6 + 9.2, 0)
  expect(prediction.phases.find(({ id }) => id === 'weights')?.measured).toBeCloseTo(8.8, 0)
})

test('what is as expected is folded; what is off by much is said at once, with the phase that is off furthest', () => {
  const near = renderComment(benchmark(model(1)))
  expect(near).not.toContain('Off the plan')
  expect(near).toMatch(/<summary>Predicted beside measured: [−+]\d %, within its range<\/summary>/)
  const far = renderComment(benchmark(model(0.5)))
  expect(far).toMatch(/\*\*Off the plan\*\*.*−4\d %, outside its range\).*Furthest off: weights, 8\.\d s instead of 20\.0 s\./)
  expect(far.indexOf('Off the plan')).toBeLessThan(far.indexOf('<details>'))
})

test('a learned CPU factor is handed on, and a missing one is said', () => {
  expect(renderComment(benchmark(model(1, 1.234)))).toContain('`cpu-factor: 1.23`')
  expect(renderComment(benchmark(model(1)))).toContain('No phase shows this host’s CPU alone')
})

test('no prediction has its reason, and a start that did not end has no error', () => {
  expect(renderComment(benchmark({ notPredicted: 'x9.large is not in the table' }))).toContain(
    'Not predicted: x9.large is not in the table.',
  )
  const late = benchmark(model(1), { change: (report) => ({ ...report, allReadySeconds: null }) })
  expect(late.prediction).toHaveProperty('notPredicted')
})

test('the report with a prediction is what the schema says', () => {
  for (const predicted of [model(1, 1.2), { notPredicted: 'no' }])
    expect(v.safeParse(benchmarkSchema, JSON.parse(JSON.stringify(benchmark(predicted)))).success).toBe(true)
})

test.each([
  ['twenty minutes', 20, true, true],
  ['two hours', 120, true, false],
  ['twenty minutes, without a volume from it', 20, false, false],
])('a snapshot that is %s old: a warning, or none', (_title, minutes, fromSnapshot, warned) => {
  const run = drawReport({ change: (report) => ({ ...report, environment: { ...report.environment, volume: { fromSnapshot } } }) })
  const snapshotBegunAt = new Date(Date.parse(run.scaledAt) - minutes * 60_000)
  const { caveats } = buildBenchmark([run], { createdAt: new Date('2026-11-30'), thresholdShare: 0.1, snapshotBegunAt })
  expect(caveats.some((caveat) => caveat.includes(`begun ${minutes} minutes before`))).toBe(warned)
})
