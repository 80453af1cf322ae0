import { expect, test } from '@jest/globals'
import { planStart } from '@prebake/simulator/vllm'
import { parseVllmLog } from '../src/log/parse-vllm-log.ts'
import { coveredBy, phaseSeconds, timelineOf } from './timeline-of-log.ts'

const server = {
  model: '/mnt/models/mistral',
  revision: undefined,
  bytes: 4.15e9,
  shards: 1,
  quantization: 'awq_marlin',
  servedName: 'mistral',
  port: 8000,
  maximumLength: 8192,
  loadFormat: 'safetensors',
  cacheRoot: '/cache/vllm',
  cacheOnNode: '/cache',
  printed: "{'model_tag': '/mnt/models/mistral', 'model': '/mnt/models/mistral'}",
} as const

const seconds = { vllmCachedGraph: 4.3, vllmCompile: 13.6, vllmDynamo: 6, vllmGraphs: 8, vllmProfile: 4, vllmServer: 2 } as const

function simulated(compileCacheHit: boolean, missing = false) {
  const startedAt = Date.UTC(2026, 10, 20, 10)
  const { lines } = planStart(server, {
    startedAt,
    delay: (timing) => ({ ...seconds, vllmImport: 9, vllmConfig: 6, vllmEngine: 14, vllmPostLoad: 0.9 })[timing],
    readImage: () => 0,
    readWeights: () => 7,
    download: 0,
    refusal: missing ? `  Value error, Invalid repository ID or local directory specified: '${server.model}'.` : undefined,
    compileCacheHit,
    gpuMemoryGiB: 24,
    hash: '4f59edd943',
  })
  return lines.map(({ at, text }) => ({ time: `${new Date(at).toISOString().slice(0, -1)}000000Z`, text }))
}

test.each([
  ['hit', true, { compile: 4.3 }, undefined],
  [
    'miss',
    false,
    { compile: 19.6 },
    ['[backbone] nothing was found in /cache/vllm/torch_compile_cache/torch_aot_compile/4f59edd943/rank_0_0/model'],
  ],
] as const)('the simulated start is read whole: %s', (verdict, cached, phases, misses) => {
  const lines = simulated(cached)
  const timeline = timelineOf(lines, false)
  expect(timeline).toMatchObject({ vllmVersion: '0.33.0', model: server.model, compileCache: verdict, dropped: [] })
  expect(timeline.compileMisses).toEqual(misses)
  const reported = phaseSeconds(timeline, coveredBy(lines))
  expect(reported).not.toHaveProperty('unattributed')
  // Half of the time of the engine's process passes before its first line.
  const wanted = { 'api.config': 13, 'engine.spawn': 7, 'weights.read': 7, 'kernels.warmup': 1.2, 'server.start': 2, ...phases }
  const asReported = Object.fromEntries(Object.keys(wanted).map((phase) => [phase, Math.round((reported[phase] ?? 0) * 10) / 10]))
  expect(asReported).toEqual(wanted)
})

test('the simulated start without its model is a failure that names it', () => {
  expect(parseVllmLog(simulated(false, true)).failure?.reason).toBe(
    "Value error, Invalid repository ID or local directory specified: '/mnt/models/mistral'.",
  )
})
