import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { historyEntry } from '../src/compare/history.ts'
import { buildBenchmark } from '../src/report/build-benchmark.ts'
import { llmDReport } from '../src/report/llm-d-report.ts'
import { parseReport } from '../src/report/parse-report.ts'
import type { Report } from '../src/report/report.ts'
import { drawReport, fromRegistry } from './drawn-report.ts'

/** Whether a value fits a schema; what does not fit. */
function misfits(schemaFile: string, value: unknown): unknown {
  const schema = JSON.parse(readFileSync(new URL(schemaFile, import.meta.url), 'utf8')) as object
  const ajv = new Ajv2020({ allErrors: true, strict: false, formats: { 'date-time': (text) => !Number.isNaN(Date.parse(text)) } })
  const validate = ajv.compile(schema)
  return validate(JSON.parse(JSON.stringify(value)))
    ? []
    : validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`)
}

const options = { createdAt: new Date('2026-11-30T12:00:00Z'), thresholdShare: 0.1 }
const both = [
  drawReport({ seed: 2, run: { arm: 'candidate', number: 1 } }),
  drawReport({ seed: 3, phases: fromRegistry, run: { arm: 'baseline', number: 1 } }),
]
const stuck = (report: Report): Report => ({
  ...report,
  allReadySeconds: null,
  pods: report.pods.map((pod) => ({
    ...pod,
    ready: false,
    readyAfterSeconds: undefined,
    startupSeconds: undefined,
    firstToken: { notMeasured: 'the pod did not become Ready' },
  })),
})
const benchmarks = {
  'both arms': buildBenchmark(both, options),
  'a history': buildBenchmark([drawReport()], {
    ...options,
    history: [4, 5, 6].map((seed) => historyEntry(drawReport({ seed }), { sha: 'a1b2c3d' })!),
  }),
  'nothing to compare with': buildBenchmark([drawReport()], options),
  'one pod of each': buildBenchmark([drawReport({ pods: 1 }), drawReport({ pods: 1, run: { arm: 'baseline' } })], options),
  'no pod Ready': buildBenchmark([drawReport({ change: stuck, run: {} }), drawReport({ seed: 3, run: { arm: 'baseline' } })], options),
}

test.each(Object.entries(benchmarks))('%s: the documented schema describes the report, and a later run reads it', (_title, benchmark) => {
  expect(misfits('../../../docs/report.schema.json', benchmark)).toEqual([])
  expect(parseReport(JSON.stringify(benchmark))).not.toHaveProperty('wrong')
})

test.each([
  ['runs', []],
  ['createdAt', 'yesterday'],
  ['candidate', { metric: 'guess' }],
  ['schema', 3],
])('the schema refuses a report whose %s is %j', (field, value) => {
  expect(misfits('../../../docs/report.schema.json', { ...benchmarks['both arms'], [field]: value })).not.toEqual([])
})

test.each(Object.entries(benchmarks))('%s: llm-d-benchmark’s own schema accepts the export', (_title, benchmark) => {
  expect(misfits('./llm-d/br_v0_2_json_schema.json', llmDReport(benchmark, 'vllm from 1 to 5'))).toEqual([])
})

test('the export has each pod’s start, and the figures over all', () => {
  const exported = llmDReport(benchmarks['both arms'], 'vllm from 1 to 5') as {
    results: { observability: { pod_startup_times: { pods: { startup_seconds: number; ready_timestamp: string }[]; aggregate: object } } }
  }
  const { pods, aggregate } = exported.results.observability.pod_startup_times
  const own = both[0]!.pods
  expect(pods.map(({ startup_seconds }) => startup_seconds)).toEqual(own.map(({ startupSeconds }) => startupSeconds))
  expect(Date.parse(pods[0]!.ready_timestamp)).toBeCloseTo(Date.parse(own[0]!.startedAt) + own[0]!.wallSeconds * 1000, -1)
  expect(aggregate).toMatchObject({ units: 's', max: Math.max(...own.map(({ startupSeconds = 0 }) => startupSeconds)) })
})
