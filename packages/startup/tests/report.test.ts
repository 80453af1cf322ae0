import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Reporter } from '@prebake/kernel'
import { measureScale } from '../src/measure/measure-scale.ts'
import { buildReport, type ReportOptions } from '../src/report/build-report.ts'
import { table } from '../src/report/markdown-table.ts'
import { median } from '../src/report/median.ts'
import { parseReport } from '../src/report/parse-report.ts'
import { buildBenchmark } from '../src/report/build-benchmark.ts'
import { renderComment } from '../src/report/render-comment.ts'
import type { Report } from '../src/report/report.ts'
import { inMemoryWorkload } from './in-memory-workload.ts'
import type { PodScript } from './play-pod.ts'
import { onNewNode, onOldNode, stuckPulling } from './scale-scripts.ts'
import { steppingClock } from './stepping-clock.ts'

const quiet = { info: () => undefined, progress: () => undefined, warning: () => undefined } as unknown as Reporter

async function measured(scripts: readonly PodScript[], options: Partial<ReportOptions> = {}): Promise<Report> {
  const clock = steppingClock(new Date('2026-01-01T12:00:00.250Z'))
  const workload = inMemoryWorkload(clock, scripts, 1)
  const request = { deployment: 'vllm', namespace: 'default', from: 1, to: 1 + scripts.length, timeoutMs: 900_000 }
  const measurement = await measureScale(request, { workload, clock, reporter: quiet }, new AbortController().signal)
  return buildReport(measurement, { simulated: false, ...options })
}

/** As a comment, beside a given baseline. */
function renderMarkdown(report: Report, baseline?: Report): string {
  const given = baseline === undefined ? [] : [baseline]
  return renderComment(buildBenchmark([report], { createdAt: new Date('2026-01-01T13:00:00Z'), thresholdShare: 0.1, given }))
}

/** The same start with a pull of six minutes ahead of the container. */
const baseline: PodScript = {
  ...onNewNode,
  cacheHit: false,
  log: (onNewNode.log ?? []).map(([seconds, text]) => [seconds + 360, text]),
  steps: { ...onNewNode.steps, Pulling: 61.7, Pulled: 421.7, Started: 422.4, Ready: 465.3 },
}

/** The file's text; UPDATE_GOLDEN=1 rewrites it: then review the diff. */
function golden(name: string, text: string): string {
  const file = new URL(`golden/${name}.md`, import.meta.url)
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text)
  return readFileSync(file, 'utf8')
}

test('golden: beside a baseline', async () => {
  const report = await measured([onNewNode, onOldNode], { snapshotId: 'snap-0123456789abcdef0' })
  const text = renderMarkdown(report, await measured([baseline, onOldNode]))
  expect(text).toBe(golden('beside-a-baseline', text))
})

test('golden: a pod that did not start', async () => {
  const text = renderMarkdown(await measured([stuckPulling, onOldNode]))
  expect(text).toBe(golden('not-ready', text))
})

test('golden: simulated, beside a baseline', async () => {
  const simulated = { simulated: true, seed: '7' }
  const text = renderMarkdown(await measured([onNewNode], simulated), await measured([baseline], simulated))
  expect(text).toBe(golden('simulated', text))
})

/** A pod on a node that was there, with a log of its own from 2.1 s on. */
function withLog(log: NonNullable<PodScript['log']>, ready = true): PodScript {
  const { Ready, ...steps } = onOldNode.steps
  return { ...onOldNode, log, steps: { ...steps, ...(ready && Ready !== undefined && { Ready }) } }
}

test('why the compile cache missed stands once for all pods, and cannot format the comment', async () => {
  const rejected = withLog([
    [10, "(EngineCore pid=9) INFO 10-06 12:00:10 [core.py:139] Initializing a V1 LLM engine (v0.33.0) with config: model='/m'"],
    [
      20,
      '(EngineCore pid=9) WARNING 10-06 12:00:20 [decorators.py:340] [backbone] Compiling model again due to a load failure from /c/model, reason: @all `x`',
    ],
    [30, '(EngineCore pid=9) INFO 10-06 12:00:30 [monitor.py:62] [backbone] torch.compile took 9.00 s in total'],
  ])
  const markdown = renderMarkdown(await measured([rejected, rejected]))
  expect(markdown).toContain(
    "- The compile cache was missed by `vllm-7d9f-p1`, `vllm-7d9f-p2`: `[backbone] the cache was rejected: @all 'x' (/c/model)`",
  )
})

test('steps that take long stand below the phases', async () => {
  const warmUp = withLog([
    [20, '(EngineCore pid=9) INFO 10-06 12:00:20 [kv_cache_utils.py:1147] GPU KV cache size: 46,640 tokens'],
    [25, '(EngineCore pid=9) INFO 10-06 12:00:25 [kernel_warmup.py:192] JIT kernel warmup finished in 4.00s.'],
    [26, '(EngineCore pid=9) INFO 10-06 12:00:26 [mm_encoder_model_runner.py:94] Encoder graph capturing finished in 0 secs, took 0.1 GiB'],
  ])
  const markdown = renderMarkdown(await measured([warmUp]))
  expect(markdown).toContain('<details><summary>Steps within the phases</summary>')
  expect(markdown).toContain('| `kernels.warmup` | JIT | 4.0 s | 4.0 s | 1 |')
  expect(markdown).not.toContain('| encoder |')
})

test('a pod that hangs shows what it waits for, how far it came and the last line of its log', async () => {
  const hangs = withLog(
    [
      [10, '(EngineCore pid=9) INFO 10-06 12:00:10 [model_runner.py:399] Loading model from scratch...'],
      [12, 'Loading safetensors checkpoint shards:   0% Completed | 0/4 [00:00<?, ?it/s]'],
      [40, 'Loading safetensors checkpoint shards:  25% Completed | 1/4 [00:28<01:24, 28.00s/it]'],
    ],
    false,
  )
  const markdown = renderMarkdown(await measured([hangs]))
  expect(markdown).toMatch(/\*\*not Ready\*\*, in weights\.read for 8\d\d\.\d s/)
  expect(markdown).toContain(
    'It waits for the weights to be read (1/4). The last line of its log: `Loading safetensors checkpoint shards: 25%',
  )
})

test('a pod whose vLLM failed shows the failure, and waits for nothing', async () => {
  const fails = withLog(
    [
      [10, '(EngineCore pid=9) INFO 10-06 12:00:10 [model_runner.py:399] Loading model from scratch...'],
      [12, '(EngineCore pid=9) ERROR 10-06 12:00:12 [core.py:1510] EngineCore failed to start.'],
      [12, '(EngineCore pid=9) ERROR 10-06 12:00:12 [core.py:1510] ValueError: too large'],
    ],
    false,
  )
  const markdown = renderMarkdown(await measured([fails]))
  expect(markdown).toContain('vLLM: ValueError: too large')
  expect(markdown).not.toContain('It waits for')
})

test('a report survives its file, and pods add up in it', async () => {
  const report = await measured([onNewNode, onOldNode, stuckPulling])
  expect(report).toMatchObject({ schema: 1, allReadySeconds: null, environment: { instanceTypes: ['g5.2xlarge'], vllmVersion: '0.11.0' } })
  expect(report.firstReadySeconds).toBeCloseTo(45.2, 6)
  const read = parseReport(JSON.stringify(report))
  if ('wrong' in read) throw new Error(read.wrong)
  expect(read.map((run) => renderMarkdown(run))).toEqual([renderMarkdown(report)])
  for (const { rows, wallSeconds } of read.flatMap(({ pods }) => pods))
    expect(rows.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(wallSeconds, 6)
})

test.each([
  ['{', 'is not valid JSON'],
  ['null', 'has schema unknown, not 1 or 2'],
  ['{"schema":"secret"}', 'has schema unknown, not 1 or 2'],
  ['{"schema":3}', 'has schema 3, and this release reads 1 and 2: a newer one wrote it.'],
  ['{"schema":2}', '`simulated` is missing'],
  ['{"schema":2,"simulated":false,"createdAt":"2026-01-01T12:00:00Z","runs":[]}', '`thresholdShare` is missing'],
  ['{"schema":1}', '`simulated` is missing'],
])('%s is no report', (text, words) => {
  expect(parseReport(text)).toEqual({ wrong: expect.stringContaining(words) })
})

test.each<[field: string, change: (report: Report) => unknown]>([
  ['environment.deployment', (report) => ({ ...report, environment: {} })],
  ['pods.0.rows', (report) => ({ ...report, pods: report.pods.map((pod) => ({ ...pod, rows: undefined })) })],
  [
    'pods.0.rows.0.seconds',
    (report) => ({ ...report, pods: [{ ...report.pods[0], rows: [{ ...report.pods[0]?.rows[0], seconds: '1' }] }] }),
  ],
  ['phases.0.medianSeconds', (report) => ({ ...report, phases: report.phases.map((phase) => ({ ...phase, medianSeconds: null })) })],
  ['allReadySeconds', (report) => ({ ...report, allReadySeconds: {} })],
])('a report is refused before anything is measured where %s is wrong', async (field, change) => {
  expect(parseReport(JSON.stringify(change(await measured([onNewNode]))))).toEqual({ wrong: expect.stringContaining(`\`${field}`) })
})

test.each<[string, (report: Report) => Report, string]>([
  ['simulated', (report) => ({ ...report, simulated: true }), 'the baseline’s seconds are simulated, here measured'],
  [
    'of another scale-up',
    (report) => ({ ...report, environment: { ...report.environment, to: 5 } }),
    'the baseline’s number of new pods is 4, here 1',
  ],
  [
    'of other instances',
    (report) => ({ ...report, environment: { ...report.environment, instanceTypes: ['g6.xlarge'] } }),
    'the baseline’s instance types are g6.xlarge, here g5.2xlarge',
  ],
  [
    'on warm nodes',
    (report) => ({ ...report, pods: report.pods.map((pod) => ({ ...pod, newNode: false })) }),
    'the baseline’s nodes are warm, here cold',
  ],
  ['one that failed', (report) => ({ ...report, allReadySeconds: null }), 'not all pods of the baseline became Ready'],
])('no verdict beside a baseline that is %s', async (_title, change, words) => {
  const report = await measured([onNewNode])
  const [first] = renderMarkdown(report, change(report)).split('\n')
  expect(first).toBe(`## Scale-up of \`vllm\` from 1 to 2: inconclusive: ${words}`)
})

test("another program's text cannot format, mention or link anything", async () => {
  const [pod] = (await measured([stuckPulling])).pods
  const evil = 'a`\n\n@org/team <img src=x> | [x](y)'
  const report = await measured([stuckPulling])
  const text = renderMarkdown({
    ...report,
    environment: { ...report.environment, image: evil, model: evil, instanceTypes: [evil] },
    pods: [{ ...pod!, node: evil, lastSeen: evil }],
  })
  const outsideOfCode = text.replaceAll(/`[^`\n]*`/g, '')
  expect(outsideOfCode).not.toMatch(/@org|<img|\[x\]/)
})

test('the median has as many values below as above it', () => {
  expect(median([])).toBeUndefined()
  expect(median([4, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const middle = median(values) ?? NaN
      expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2)
      expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2)
    }),
  )
})

test('a cell cannot break its table', () => {
  expect(table(['a', 'b'], [['x | y', 'two\nlines']], 1)).toBe('| a | b |\n|---|---:|\n| x \\| y | two lines |')
})
