import { expect, test } from '@jest/globals'
import { buildBenchmark } from '../src/report/build-benchmark.ts'
import { jsonPieces } from '../src/report/json-pieces.ts'
import { drawReport } from './drawn-report.ts'

test.each([
  ['two runs', [drawReport(), drawReport({ seed: 2 })]],
  ['no pod', [drawReport({ pods: 0 })]],
])('the pieces are the JSON of the whole: %s', (_title, runs) => {
  const benchmark = buildBenchmark(runs, { createdAt: new Date('2026-11-30'), thresholdShare: 0.1 })
  const whole = JSON.stringify({ ...benchmark, runs: benchmark.runs.map(({ pods, ...run }) => ({ ...run, pods })) }, undefined, 2)
  expect([...jsonPieces(benchmark)].join('')).toBe(`${whole}\n`)
})
