import type { LogLine } from '../cluster.ts'
import { fill, type Form } from '../form.ts'
import { toVllmStamp } from '../stamps.ts'
import { logForms } from './log-forms.ts'
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
  /** The model is given by a path that does not exist. */
  readonly missing: boolean
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
  write(logForms.platform)
  wait(0.9)
  write(logForms.apiServer)
  write(logForms.arguments, { arguments: server.printed })
  wait(delay('vllmConfig'))
  if (conditions.missing) {
    write(logForms.modelNotFound)
    return { lines, servingAt: undefined }
  }
  write(logForms.architecture)
  write(logForms.torchDtype)
  write(logForms.maximumLength, { tokens: server.maximumLength })
  if (server.quantization === 'awq_marlin') write(logForms.awqMarlin)
  write(logForms.chunkedPrefill)

  const engine = delay('vllmEngine')
  wait(engine * 0.4)
  write(logForms.platform)
  wait(engine * 0.2)
  write(logForms.waitingForInit)
  write(logForms.engine, { config: engineConfig(server) })
  wait(engine * 0.4)
  write(logForms.ranks)
  write(logForms.startLoad)
  write(logForms.fromScratch)
  write(logForms.attention)

  const loadStart = at
  if (conditions.download > 0) {
    write(logForms.weightsFormat)
    write(logForms.downloaded, { seconds: wait(conditions.download).toFixed(6) })
  }
  write(logForms.shardsBegin, { shards: server.shards })
  const read = wait(conditions.readWeights(at))
  write(logForms.shardsEnd, { shards: server.shards, elapsed: clock(read), rate: (read / server.shards).toFixed(2) })
  write(logForms.weightsLoaded, { seconds: read.toFixed(2) })
  wait(delay('vllmPostLoad'))
  write(logForms.modelLoaded, { gib: (server.bytes / gib).toFixed(4), seconds: ((at - loadStart) / 1000).toFixed(6) })

  const engineStart = at
  const dynamo = wait(delay('vllmDynamo'))
  write(logForms.cacheFolder, { folder: server.cacheRoot, hash: conditions.hash })
  write(logForms.dynamo, { seconds: dynamo.toFixed(2) })
  let compile = 0
  if (conditions.compileCacheHit) {
    write(logForms.cacheHit, { seconds: wait(delay('vllmCachedGraph')).toFixed(3) })
  } else {
    compile = delay('vllmCompile')
    wait(compile * 0.2)
    write(logForms.cacheMiss)
    wait(compile * 0.8)
    write(logForms.compiled, { seconds: compile.toFixed(2) })
  }
  // On a hit this is the time of Dynamo alone: vllm-project/vllm#20264.
  write(logForms.compileTotal, { seconds: (dynamo + compile).toFixed(2) })
  wait(delay('vllmProfile'))
  // 90 % of the memory for vLLM; activations and CUDA's own take some 1.6 GiB. Believed.
  const kvGiB = Math.max(1, conditions.gpuMemoryGiB * 0.9 - server.bytes / gib - 1.6)
  const tokens = Math.floor((kvGiB * gib) / bytesPerToken / 16) * 16
  write(logForms.kvMemory, { gib: kvGiB.toFixed(2) })
  write(logForms.kvTokens, { tokens: tokens.toLocaleString('en-US') })
  write(logForms.concurrency, { tokens: server.maximumLength.toLocaleString('en-US'), times: (tokens / server.maximumLength).toFixed(2) })
  const graphs = delay('vllmGraphs')
  wait(graphs * 0.65)
  write(logForms.graphsMixed, { elapsed: clock(graphs * 0.65), rate: (67 / (graphs * 0.65)).toFixed(2) })
  wait(graphs * 0.35)
  write(logForms.graphsDecode, { elapsed: clock(graphs * 0.35), rate: (35 / (graphs * 0.35)).toFixed(2) })
  write(logForms.graphs, { seconds: graphs.toFixed(0), gib: '0.48' })
  write(logForms.engineReady, { seconds: ((at - engineStart) / 1000).toFixed(2) })

  wait(delay('vllmServer'))
  for (const form of [
    logForms.cacheConfig,
    logForms.tasks,
    logForms.listening,
    logForms.routes,
    logForms.routeHealth,
    logForms.routeChat,
  ]) {
    write(form, { blocks: tokens / 16 })
  }
  for (const form of [logForms.process, logForms.startup, logForms.complete]) write(form)
  return { lines, servingAt: at }
}

/** The engine's configuration as its first line prints it, without the parts that are objects of their own. */
const engineConfig = ({ maximumLength, loadFormat, quantization, servedName }: ServeArguments): string =>
  [
    'skip_tokenizer_init=False, tokenizer_mode=auto, revision=None, tokenizer_revision=None, trust_remote_code=False, dtype=torch.float16',
    `max_seq_len=${maximumLength}, download_dir=None, load_format=${loadFormat}, tensor_parallel_size=1, pipeline_parallel_size=1`,
    `data_parallel_size=1, disable_custom_all_reduce=False, quantization=${quantization}, enforce_eager=False, kv_cache_dtype=auto`,
    `device_config=cuda, seed=0, served_model_name=${servedName}, enable_prefix_caching=True, chunked_prefill_enabled=True, pooler_config=None`,
  ].join(', ')
