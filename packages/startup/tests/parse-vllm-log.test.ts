import { expect, test } from '@jest/globals'
import { parseVllmLog } from '../src/log/parse-vllm-log.ts'
import { timestampMs } from '../src/timestamp.ts'
import { vllm0_8, vllm0_20 } from './vllm-logs.ts'

const time = '2025-11-14T21:03:08.123456789Z'
const endMs = Date.UTC(2025, 10, 14, 21, 3, 8) + 123.456789

/** The marks of one line, in seconds before its stamp. */
function marksOf(text: string): Record<string, number> {
  return Object.fromEntries(parseVllmLog([{ time, text }]).marks.map(({ id, atMs }) => [id, Math.round(endMs - atMs) / 1000]))
}

// The file and line number that a line carries are its place in vllm-project/vllm at the tag of its version.
test.each<[source: string, line: string, marks: Record<string, number>]>([
  ['0.8.5.post1, __init__.py:239', 'INFO 05-09 22:19:49 [__init__.py:239] Automatically detected platform cuda.', { 'log.first': 0 }],
  [
    '0.8.5.post1, core.py:58',
    "INFO 05-09 22:20:18 [core.py:58] Initializing a V1 LLM engine (v0.8.5.post1) with config: model='facebook/opt-125m', speculative_config=None",
    { 'log.first': 0, 'engine.config': 0 },
  ],
  [
    '0.11.0, core.py:77',
    "(EngineCore_DP0 pid=178) INFO 04/20 04:20:48 [core.py:77] Initializing a V1 LLM engine (v0.11.0) with config: model='nvidia/NVIDIA-Nemotron-Nano-9B-v2'",
    { 'log.first': 0, 'engine.config': 0 },
  ],
  ['0.6.1, llm_engine.py (V0)', "Initializing an LLM engine (v0.6.1) with config: model='facebook/opt-125m'", { 'engine.config': 0 }],
  [
    '0.11.x, gpu_model_runner.py:2932',
    '(EngineCore_DP0 pid=809) INFO 11-14 21:01:44 [gpu_model_runner.py:2932] Starting to load model ibm-granite/granite-4.0-h-small...',
    { 'log.first': 0, 'load.start': 0 },
  ],
  [
    '0.8.5.post1, weight_utils.py:281',
    'INFO 05-09 22:20:51 [weight_utils.py:281] Time spent downloading weights for facebook/opt-125m: 28.962338 seconds',
    { 'log.first': 0, 'download.end': 0, 'download.start': 28.962 },
  ],
  [
    '0.8.5.post1, loader.py:458',
    'INFO 05-09 22:20:51 [loader.py:458] Loading weights took 0.17 seconds',
    { 'log.first': 0, 'weights.end': 0, 'weights.start': 0.17 },
  ],
  [
    '0.11.x, default_loader.py:314',
    '(EngineCore_DP0 pid=809) INFO 11-14 21:02:59 [default_loader.py:314] Loading weights took 71.42 seconds',
    { 'log.first': 0, 'weights.end': 0, 'weights.start': 71.42 },
  ],
  ['0.7 and before, without seconds', 'Loading model weights took 13.5083 GB', { 'load.end': 0 }],
  ['0.8, early: GB', 'Model loading took 15.2209 GB and 12.221976 seconds', { 'load.end': 0 }],
  [
    '0.11.x, gpu_model_runner.py:2997',
    '(EngineCore_DP0 pid=809) INFO 11-14 21:03:04 [gpu_model_runner.py:2997] Model loading took 78.4272 GiB and 77.370219 seconds',
    { 'log.first': 0, 'load.end': 0 },
  ],
  [
    '0.20.0, gpu_model_runner.py:4879',
    '(EngineCore pid=187) INFO 05-01 19:15:56 [gpu_model_runner.py:4879] Model loading took 21.86 GiB memory and 30.729705 seconds',
    { 'log.first': 0, 'load.end': 0 },
  ],
  [
    '0.20.0, backends.py:1128',
    '(EngineCore pid=187) INFO 05-01 19:16:14 [backends.py:1128] Dynamo bytecode transform time: 7.29 s',
    { 'log.first': 0, 'compile.end': 0, 'compile.start': 7.29 },
  ],
  [
    '0.8, backends.py:115: no seconds on a hit',
    'INFO 04-09 02:06:10 [backends.py:115] Directly load the compiled graph for shape None from the cache',
    { 'log.first': 0, 'compile.end': 0 },
  ],
  [
    '0.15, backends.py:267',
    '(EngineCore_DP0 pid=12321) INFO 02-12 19:35:56 [backends.py:267] Directly load the compiled graph(s) for compile range (1, 2048) from the cache, took 2.089 s',
    { 'log.first': 0, 'compile.start': 2.089, 'compile.end': 0 },
  ],
  [
    '0.22, decorators.py:311',
    '(Worker_TP0 pid=57) INFO 06-21 07:20:13 [decorators.py:311] Directly load AOT compilation from path /cache/torch_aot_compile/6ee4/rank_0_0/model',
    { 'log.first': 0, 'compile.end': 0 },
  ],
  [
    '0.8.5.post1, backends.py:148',
    'INFO 05-09 22:20:59 [backends.py:148] Compiling a graph for general shape takes 6.06 s',
    { 'log.first': 0, 'compile.start': 6.06, 'compile.end': 0 },
  ],
  [
    '0.20.0, backends.py:391',
    '(EngineCore pid=187) INFO 05-01 19:16:48 [backends.py:391] Compiling a graph for compile range (1, 4096) takes 32.74 s',
    { 'log.first': 0, 'compile.start': 32.74, 'compile.end': 0 },
  ],
  [
    '0.11.x, monitor.py:34',
    '(EngineCore_DP0 pid=809) INFO 11-14 21:03:26 [monitor.py:34] torch.compile takes 18.85 s in total',
    { 'log.first': 0, 'compile.start': 18.85, 'compile.end': 0 },
  ],
  [
    '0.20.0, monitor.py:53',
    '(EngineCore pid=187) INFO 05-01 19:16:51 [monitor.py:53] torch.compile took 44.17 s in total',
    { 'log.first': 0, 'compile.start': 44.17, 'compile.end': 0 },
  ],
  [
    '0.17, monitor.py:35: it ends with the profiling, not with the compilation',
    '(EngineCore_DP0 pid=94) INFO 03-09 12:57:31 [monitor.py:35] torch.compile and initial profiling run took 3.37 s in total',
    { 'log.first': 0, 'compile.start': 3.37 },
  ],
  [
    '0.15, gpu_worker.py:356',
    '(EngineCore_DP0 pid=11280) INFO 02-16 14:53:26 [gpu_worker.py:356] Available KV cache memory: 26.54 GiB',
    { 'log.first': 0, 'kv.end': 0 },
  ],
  [
    '0.8.5.post1, kv_cache_utils.py:634',
    'INFO 05-09 22:21:02 [kv_cache_utils.py:634] GPU KV cache size: 549,216 tokens',
    { 'log.first': 0, 'kv.end': 0 },
  ],
  ['0.7.2, kv_cache_utils.py:407', 'INFO 02-13 15:01:40 kv_cache_utils.py:407] # GPU blocks: 33660', { 'log.first': 0, 'kv.end': 0 }],
  [
    '0.8.5.post1, gpu_model_runner.py:1686: whole seconds',
    'INFO 05-09 22:21:17 [gpu_model_runner.py:1686] Graph capturing finished in 15 secs, took 0.20 GiB',
    { 'log.first': 0, 'graphs.end': 0, 'graphs.start': 15 },
  ],
  [
    '0.8.5.post1, core.py:159',
    'INFO 05-09 22:21:17 [core.py:159] init engine (profile, create kv cache, warmup model) took 26.22 seconds',
    { 'log.first': 0, 'engine.ready': 0 },
  ],
  ['2026', 'init engine (profile, create kv cache, warmup model) took 87.24 s (compilation: 34.75 s)', { 'engine.ready': 0 }],
  ['uvicorn', '(APIServer pid=1) INFO:     Application startup complete.', { served: 0 }],
  ['tqdm: whole seconds', 'Loading safetensors checkpoint shards:  33% Completed | 1/3 [00:24<00:49, 24.65s/it]', { 'weights.start': 24 }],
  ['no line of vLLM', '2026-11-20 10:00:00,016 - INFO - autotuner.py:256 - flashinfer.jit: [Autotuner]: Autotuning process starts ...', {}],
])('%s: %s', (_source, line, marks) => {
  expect(marksOf(line)).toEqual(marks)
})

test('a whole log of 0.8.5.post1: a compilation, a download', () => {
  const log = parseVllmLog(vllm0_8)
  expect(log).toMatchObject({ version: '0.8.5.post1', model: 'facebook/opt-125m', eager: false, compileCache: 'miss' })
  expect(log.marks.map(({ id }) => id).toSorted()).toEqual(
    'compile.end compile.start download.end download.start engine.config engine.ready graphs.end graphs.start kv.end load.end load.start log.first weights.end weights.start'.split(
      ' ',
    ),
  )
  const at = (id: string) => log.marks.find((mark) => mark.id === id)?.atMs ?? NaN
  expect(at('download.end') - at('download.start')).toBeCloseTo(28962.338, 2)
  // Dynamo began 2.05 s before its line; "torch.compile takes" is the last of the compilation's.
  expect(at('compile.end') - at('compile.start')).toBeCloseTo(9000 + 2050, 2)
})

test('a log of 0.20 that ends in a failure has the marks that were reached', () => {
  const log = parseVllmLog(vllm0_20)
  expect(log).toMatchObject({ version: '0.20.0', compileCache: 'miss' })
  expect(log.marks.map(({ id }) => id)).not.toContain('engine.ready')
  expect(log.marks.map(({ id }) => id)).toContain('kv.end')
})

test('of several ranks the first start and the last end count', () => {
  const line = (second: number, took: string) => ({
    time: `2026-01-01T00:00:${second}.000000000Z`,
    text: `(Worker_TP0 pid=9) INFO 01-01 00:00:${second} [default_loader.py:314] Loading weights took ${took} seconds`,
  })
  const marks = parseVllmLog([line(40, '12.00'), line(42, '9.00'), line(41, '20.00')]).marks
  const seconds = Object.fromEntries(marks.map(({ id, atMs }) => [id, (atMs - timestampMs('2026-01-01T00:00:00Z')) / 1000]))
  expect(seconds).toMatchObject({ 'weights.start': 21, 'weights.end': 42 })
})

test('eager mode, cache hit and the server version are found; lines without a time are skipped', () => {
  const lines = [
    '(APIServer pid=1) INFO 01-01 00:00:01 [api_server.py:1971] vLLM API server version 0.11.1',
    'Directly load the compiled graph(s) for dynamic shape from the cache, took 1.34 s',
  ].map((text) => ({ time, text }))
  expect(parseVllmLog(lines)).toMatchObject({ version: '0.11.1', compileCache: 'hit', eager: false })
  const eager = "Initializing a V1 LLM engine (v0.11.0) with config: model='/mnt/models/x', enforce_eager=True, kv_cache_dtype=auto"
  expect(parseVllmLog([{ time, text: eager }])).toMatchObject({ model: '/mnt/models/x', eager: true })
  expect(parseVllmLog([{ time: '05-09 22:21:17', text: 'Application startup complete' }]).marks).toEqual([])
})

test.each([
  ['2025-11-14T21:03:08.123456789Z', endMs],
  ['2025-11-14T22:03:08.123456+01:00', endMs - 0.000789],
  ['2025-11-14T21:03:08Z', Date.UTC(2025, 10, 14, 21, 3, 8)],
  ['yesterday', NaN],
  ['', NaN],
])('the time %j', (text, ms) => {
  // To the microsecond; NaN is NaN.
  expect(Math.round(timestampMs(text) * 1000)).toBe(Math.round(ms * 1000))
})
