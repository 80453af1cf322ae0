import { expect, test } from '@jest/globals'
import { appendHistory, historyEntry, keptEntries, type HistoryEntry } from '../src/compare/history.ts'
import { buildBenchmark } from '../src/report/build-benchmark.ts'
import type { Report } from '../src/report/report.ts'
import { drawReport, fromRegistry, fromSnapshot, type Drawing } from './drawn-report.ts'

const options = { createdAt: new Date('2026-11-30T12:00:00Z'), thresholdShare: 0.1 }
const run = (arm: 'candidate' | 'baseline', number: number, drawing: Drawing = {}) =>
  drawReport({ seed: number * 2 + (arm === 'baseline' ? 1 : 0), ...drawing, run: { arm, number, ...drawing.run } })
const entries = (count: number, drawing: Drawing = {}): readonly HistoryEntry[] =>
  Array.from({ length: count }, (_, index) => historyEntry(drawReport({ seed: 20 + index, ...drawing }), { sha: 'abc' })!)

test('arms in turn: faster beyond noise, and only the phases that made it so are marked', () => {
  const slow = { phases: fromRegistry }
  const { comparison, candidate, limit } = buildBenchmark(
    [run('candidate', 1), run('baseline', 1, slow), run('candidate', 2), run('baseline', 2, slow)],
    options,
  )
  expect(comparison).toMatchObject({ verdict: 'faster', against: 'same job', metric: 'first-token', beyondNoise: { count: 8, of: 8 } })
  expect(comparison!.differenceSeconds).toBeCloseTo(-76, -1)
  expect(comparison!.noiseSeconds).toBeLessThan(15)
  expect(comparison!.aaSeconds).toBeLessThan(10)
  const marked = comparison!.phases.filter(({ verdict }) => verdict === 'faster' || verdict === 'slower').map(({ phase }) => phase)
  expect(marked.toSorted()).toEqual(['image', 'weights.download'])
  expect(candidate).toMatchObject({ metric: 'first-token', pods: 8 })
  expect(candidate.p90Seconds).toBe(candidate.maxSeconds)
  expect(limit).toMatchObject({ phase: 'ec2.boot' })
})

test('arms in turn of one make: the same, and no phase is marked', () => {
  const { comparison } = buildBenchmark([run('candidate', 1), run('baseline', 1), run('candidate', 2), run('baseline', 2)], options)
  expect(comparison).toMatchObject({ verdict: 'same' })
  expect(comparison!.phases.filter(({ verdict }) => verdict === 'faster' || verdict === 'slower')).toEqual([])
})

test.each<[field: string, change: (report: Report) => Report]>([
  ['simulated', (report) => ({ ...report, simulated: true })],
  ['newPods', (report) => ({ ...report, environment: { ...report.environment, to: 9 } })],
  ['instanceTypes', (report) => ({ ...report, environment: { ...report.environment, instanceTypes: ['g6.xlarge'] } })],
  ['nodes', (report) => ({ ...report, run: { ...report.run!, nodes: 'warm' } })],
])('environments that differ in %s are not compared, and the field is named', (field, change) => {
  const { comparison } = buildBenchmark([run('candidate', 1), run('baseline', 1, { phases: fromRegistry, change })], options)
  expect(comparison).toMatchObject({ verdict: 'inconclusive', differences: [{ field }], phases: [] })
  expect(comparison!.because).toBeTruthy()
})

test('a disturbed run and a pod that did not start give no verdict', () => {
  const disturbed = run('candidate', 1, { run: { disturbed: 'an HPA set 3 replicas' } })
  const { comparison, caveats } = buildBenchmark([disturbed, run('baseline', 1, { phases: fromRegistry })], options)
  expect(comparison).toMatchObject({ verdict: 'inconclusive', because: 'the candidate was disturbed: an HPA set 3 replicas' })
  expect(caveats[0]).toContain('an HPA set 3 replicas')

  const failed = run('candidate', 1, { change: (report) => ({ ...report, allReadySeconds: null }) })
  expect(buildBenchmark([failed, run('baseline', 1, { phases: fromRegistry })], options).comparison?.verdict).toBe('inconclusive')
})

test('the default branch’s runs are the baseline where the job has none: a run counts as one value', () => {
  const { comparison } = buildBenchmark([run('candidate', 1, { phases: fromRegistry })], { ...options, history: entries(6) })
  expect(comparison).toMatchObject({ verdict: 'slower', against: 'default branch', noiseOf: 'runs', baselineRuns: 6 })
  expect(buildBenchmark([run('candidate', 1)], { ...options, history: entries(6) }).comparison?.verdict).toBe('same')
})

test('runs of the default branch under other conditions are left out; where there are only such, they are named', () => {
  const warm = (report: Report) => ({ ...report, pods: report.pods.map((pod) => ({ ...pod, newNode: false })) })
  const mixed = appendHistory(entries(4), entries(3, { phases: fromRegistry, change: warm }))
  expect(buildBenchmark([run('candidate', 1)], { ...options, history: mixed }).comparison).toMatchObject({
    baselineRuns: 4,
    verdict: 'same',
  })
  const { comparison } = buildBenchmark([run('candidate', 1)], { ...options, history: entries(3, { change: warm }) })
  expect(comparison).toMatchObject({ verdict: 'inconclusive', differences: [{ field: 'nodes', baseline: 'warm', candidate: 'cold' }] })
})

test('a job’s own baseline comes before a given report, and that before the default branch', () => {
  const given = [drawReport({ seed: 9 })]
  const history = entries(5)
  const against = (runs: readonly Report[], more: object) => buildBenchmark(runs, { ...options, ...more }).comparison?.against
  expect(against([run('candidate', 1), run('baseline', 1)], { given, history })).toBe('same job')
  expect(against([run('candidate', 1)], { given, history })).toBe('file')
  expect(against([run('candidate', 1)], { history })).toBe('default branch')
  expect(against([run('candidate', 1)], {})).toBeUndefined()
})

test('a first token that one pod lacks: all are judged by Ready, and the reason is there', () => {
  const change = (report: Report): Report => ({
    ...report,
    pods: report.pods.map((pod, index) => (index > 0 ? pod : { ...pod, firstToken: { notMeasured: 'the pod serves no /v1/models' } })),
  })
  const { candidate, caveats } = buildBenchmark([run('candidate', 1, { change })], options)
  expect(candidate.metric).toBe('ready')
  expect(caveats).toContain('The first token was not measured, because the pod serves no /v1/models.')
})

test('history keeps the newest runs, and none that failed or was disturbed', () => {
  const many = appendHistory(entries(keptEntries), entries(2, { seed: 90 }))
  expect(many).toHaveLength(keptEntries)
  expect((many.at(-1)?.at ?? '') > (many[0]?.at ?? '')).toBe(true)
  expect(historyEntry(drawReport({ change: (report) => ({ ...report, allReadySeconds: null }) }), {})).toBeUndefined()
  expect(historyEntry(drawReport({ run: { disturbed: 'x' } }), {})).toBeUndefined()
  expect(Object.keys(historyEntry(drawReport(), {})!.phaseSeconds)).toEqual(Object.keys(fromSnapshot))
})

test('spot nodes and other zones are said', () => {
  const inZone = (zone: string, capacityType: string) => (report: Report) => ({
    ...report,
    pods: report.pods.map((pod) => ({ ...pod, zone, capacityType })),
  })
  const runs = [
    run('candidate', 1, { change: inZone('us-west-2a', 'on-demand') }),
    run('baseline', 1, { change: inZone('us-west-2b', 'spot') }),
  ]
  const { caveats } = buildBenchmark(runs, options)
  expect(caveats).toEqual([
    'Pods on spot nodes: 4. How long EC2 takes to launch one changes with its market.',
    'The candidate ran in us-west-2a, the baseline in us-west-2b.',
  ])
  expect(buildBenchmark([run('candidate', 1), run('baseline', 1)], options).caveats).toEqual([])
})
