import type { LogLine } from '../cluster.ts'
import { fill, logForms, type Form } from '../form.ts'
import { toVllmStamp } from '../stamps.ts'
import type { ServeArguments } from './serve-arguments.ts'

export interface StartConditions {
  /** When the container starts, in milliseconds. */
  readonly startedAt: number
  /** Seconds of a delay of the table, with its jitter. */
  readonly delay: (
    timing:
      | 'vllmImport'
      | 'vllmConfig'
      | 'vllmEngine'
      | 'vllmPostLoad'
      | 'vllmDynamo'
      | 'vllmCompile'
      | 'vllmCachedGraph'
      | 'vllmProfile'
      | 'vllmGraphs'
      | 'vllmServer',
  ) => number
  /** Seconds that reading the image's pages adds to the import, at a time in milliseconds. */
  readonly readImage: (at: number) => number
  readonly readWeights: (at: number) => number
  /** Seconds of downloading the model from the hub; 0 when it is on the node. */
  readonly download: number
  /** The last line of a start that does not find its model. */
  readonly refusal: string | undefined
  /** A shard of it is damaged. */
  readonly unreadable?: boolean
  readonly compileCacheHit: boolean
  readonly gpuMemoryGiB: number
  readonly hash: string
}

export interface PlannedStart {
  readonly lines: readonly LogLine[]
  /** When the server answers; undefined: the process ends with an error after its last line. */
  readonly servingAt: number | undefined
}

const pid = 164
const gib = 2 ** 30
/** Bytes of the KV cache for one token: 2 × 32 layers × 8 heads × 128 × 2 bytes (Mistral 7B). */
const bytesPerToken = 131_072

/** Everything that a start of vLLM writes, and when: pure, so that the same draw gives the same log. */
export function planStart(server: ServeArguments, conditions: StartConditions): PlannedStart {
  const { delay } = conditions
  const lines: LogLine[] = []
  let at = conditions.startedAt
  const wait = (seconds: number) => {
    at += seconds * 1000
    return seconds
  }
  const write = (form: Form, values: Record<string, string | number> = {}) => {
    // Lines of one moment are still some tenths of a millisecond apart.
    at += 0.3
    lines.push({ at, text: fill(form, { stamp: toVllmStamp(at), pid, model: server.model, ...values }) })
  }
  const clock = (seconds: number) =>
    `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

  wait(delay('vllmImport') + conditions.readImage(at))
  const { logoMargin, logoTop, logoVersion, logoModel, logoBottom } = logForms
  for (const form of [logoMargin, logoTop, logoVersion, logoModel, logoBottom, logoMargin]) write(form)
  write(logForms.arguments, { arguments: server.printed })
  wait(delay('vllmConfig'))
  if (conditions.refusal !== undefined) {
    write(conditions.refusal)
    return { lines, servingAt: undefined }
  }
  write(logForms.architecture)
  write(logForms.maximumLength, { tokens: server.maximumLength })
  write(logForms.chunkedPrefill)

  const engine = delay('vllmEngine')
  wait(engine * 0.5)
  write(logForms.engine, { config: engineConfig(server) })
  wait(engine * 0.4)
  write(logForms.processGroups, { address: '10.0.0.2', port: 40_001 })
  wait(engine * 0.1)
  write(logForms.ranks)
  write(logForms.runner)
  write(logForms.fromScratch)

  const loadStart = at
  write(logForms.attention)
  if (server.quantization === 'awq_marlin') write(logForms.awqMarlin)
  write(logForms.modelInitialized, { seconds: wait(0.4).toFixed(6) })
  if (conditions.download > 0) write(logForms.downloaded, { seconds: wait(conditions.download).toFixed(6) })
  write(logForms.filesystem, { gib: (server.bytes / gib).toFixed(2), memory: '28.40' })
  write(logForms.noPrefetch)
  write(logForms.shardsBegin, { shards: server.shards })
  const read = wait(conditions.readWeights(at))
  if (conditions.unreadable) {
    write(logForms.shardDamaged)
    return { lines, servingAt: undefined }
  }
  write(logForms.shardsEnd, { shards: server.shards, elapsed: clock(read), rate: (read / server.shards).toFixed(2) })
  write(logForms.weightsLoaded, { seconds: read.toFixed(2) })
  wait(delay('vllmPostLoad'))
  write(logForms.modelLoaded, { gib: (server.bytes / gib).toFixed(2), seconds: ((at - loadStart) / 1000).toFixed(6) })
  write(logForms.threads, { threads: 8 })

  const engineStart = at
  write(logForms.layout)
  const compilation = writeCompilation(server, conditions, wait, write)
  const profile = delay('vllmProfile')
  write(logForms.firstRun, { seconds: wait(profile * 0.25).toFixed(2) })
  wait(profile * 0.5)
  const captured = { gib: '0.48' }
  const graphs = delay('vllmGraphs')
  // The runner captures the largest graphs once to see what they need, and all of them once the cache has its size.
  const capture = (counts: readonly [piecewise: number, full: number], seconds: number) => {
    const [piecewise, full] = [seconds * 0.65, seconds * 0.35]
    wait(piecewise)
    write(logForms.graphsPiecewise, { graphs: counts[0], elapsed: clock(piecewise), rate: (counts[0] / piecewise).toFixed(2) })
    wait(full)
    write(logForms.graphsFull, { graphs: counts[1], elapsed: clock(full), rate: (counts[1] / full).toFixed(2) })
    write(logForms.graphs, { seconds: seconds.toFixed(0), ...captured })
  }
  capture([51, 2], graphs * 0.25)
  wait(profile * 0.25)
  // 90 % of the memory for vLLM; activations and CUDA's own take some 1.6 GiB. Believed.
  const kvGiB = Math.max(1, conditions.gpuMemoryGiB * 0.9 - server.bytes / gib - 1.6)
  const tokens = Math.floor((kvGiB * gib) / bytesPerToken / 16) * 16
  write(logForms.kvMemory, { gib: kvGiB.toFixed(2) })
  write(logForms.kvTokens, {
    tokens: tokens.toLocaleString('en-US'),
    length: server.maximumLength.toLocaleString('en-US'),
    times: (tokens / server.maximumLength).toFixed(2),
  })
  wait(0.2)
  write(logForms.warmupBegin)
  write(logForms.warmupEnd, { seconds: wait(graphs * 0.15).toFixed(2) })
  capture([51, 35], graphs * 0.6)
  write(logForms.graphMemory, captured)
  write(logForms.jitMonitor)
  write(logForms.engineReady, { seconds: ((at - engineStart) / 1000).toFixed(2), compilation: compilation.toFixed(2) })

  const { tasks, scaleOut, template, listening, routes, routeHealth, routeChat, process, startup, complete } = logForms
  wait(delay('vllmServer') * 0.8)
  for (const form of [tasks, scaleOut, template, listening, routes, routeHealth, routeChat, process, startup]) write(form)
  wait(delay('vllmServer') * 0.2)
  write(complete)
  return { lines, servingAt: at }
}

/** @returns the seconds that vLLM counts as compilation: with a hit those of the loading. */
function writeCompilation(
  server: ServeArguments,
  { delay, compileCacheHit, hash }: StartConditions,
  wait: (seconds: number) => number,
  write: (form: Form, values?: Record<string, string | number>) => void,
): number {
  const place = { folder: server.cacheRoot, hash }
  if (compileCacheHit) {
    const loading = wait(delay('vllmCachedGraph'))
    write(logForms.cacheHit, place)
    write(logForms.compileTotal, { seconds: loading.toFixed(2) })
    return loading
  }
  write(logForms.compileBegin)
  const dynamo = wait(delay('vllmDynamo'))
  write(logForms.cacheFolder, place)
  write(logForms.dynamo, { seconds: dynamo.toFixed(2) })
  const compile = delay('vllmCompile')
  wait(compile * 0.8)
  write(logForms.cacheMiss)
  write(logForms.compiled, { seconds: (compile * 0.8).toFixed(2) })
  wait(compile * 0.2)
  write(logForms.saved, place)
  write(logForms.compileTotal, { seconds: (dynamo + compile).toFixed(2) })
  return dynamo + compile
}

/** The engine's configuration as its first line prints it, without the parts that are objects of their own. */
const engineConfig = ({ maximumLength, loadFormat, quantization, servedName }: ServeArguments): string =>
  [
    'skip_tokenizer_init=False, tokenizer_mode=auto, revision=None, tokenizer_revision=None, trust_remote_code=False, dtype=torch.float16',
    `max_seq_len=${maximumLength}, download_dir=None, load_format=${loadFormat}, tensor_parallel_size=1, pipeline_parallel_size=1`,
    `data_parallel_size=1, decode_context_parallel_size=1, dcp_comm_backend=ag_rs, disable_custom_all_reduce=False, quantization=${quantization}`,
    `quantization_config=None, enforce_eager=False, kv_cache_dtype=auto, device_config=cuda, seed=0, served_model_name=${servedName}`,
    'enable_prefix_caching=True, enable_chunked_prefill=True, pooler_config=None',
    "compilation_config={'mode': <CompilationMode.VLLM_COMPILE: 3>, 'backend': 'inductor', 'cudagraph_mode': <CUDAGraphMode.FULL_AND_PIECEWISE: (2, 1)>}",
  ].join(', ')
