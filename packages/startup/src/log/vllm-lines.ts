import type { MarkId } from '../timeline/mark.ts'

export interface VllmLine {
  readonly mark: MarkId
  readonly pattern: RegExp
  /** Several processes and ranks say the same: a start counts from the first of them, an end with the last. */
  readonly pick: 'first' | 'last'
  /** The line tells in its first group how many seconds it took: it then gives the start, too. */
  readonly start?: MarkId
}

/**
 * The lines by which vLLM 0.8 to 0.2x tells what it does. Versions change file, line number, prefix and wording; the patterns hold on to
 * what has stayed. Which version says what: tests/parse-vllm-log.test.ts.
 */
export const vllmLines: readonly VllmLine[] = [
  // Any line of vLLM's own logger; what the image's entry point prints before is not Python yet.
  { mark: 'log.first', pattern: /\b(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) \d\d[-/]\d\d \d\d:\d\d:\d\d /, pick: 'first' },
  { mark: 'engine.config', pattern: /Initializing an? (?:V\d )?LLM engine \(v/, pick: 'first' },
  { mark: 'load.start', pattern: /Starting to load model /, pick: 'first' },
  { mark: 'download.end', pattern: /Time spent downloading weights for .+: ([\d.]+) seconds/, pick: 'last', start: 'download.start' },
  { mark: 'weights.end', pattern: /Loading weights took ([\d.]+) seconds/, pick: 'last', start: 'weights.start' },
  { mark: 'load.end', pattern: /Model loading took [\d.]+ Gi?B|Loading model weights took [\d.]+ Gi?B/, pick: 'last' },
  { mark: 'compile.end', pattern: /Dynamo bytecode transform time: ([\d.]+) s/, pick: 'last', start: 'compile.start' },
  { mark: 'compile.end', pattern: /Directly load .*compiled graph.* from the cache/, pick: 'last' },
  { mark: 'compile.end', pattern: /Directly load AOT compilation from path/, pick: 'last' },
  { mark: 'compile.end', pattern: /Compiling a graph for .+ takes [\d.]+ s/, pick: 'last' },
  // Not "torch.compile and initial profiling run took": that line comes after the profiling.
  { mark: 'compile.end', pattern: /torch\.compile (?:takes|took) [\d.]+ s in total/, pick: 'last' },
  { mark: 'kv.end', pattern: /Available KV cache memory: |GPU KV cache size: |# GPU blocks: /, pick: 'last' },
  { mark: 'graphs.end', pattern: /Graph capturing finished in ([\d.]+) secs/, pick: 'last', start: 'graphs.start' },
  { mark: 'engine.ready', pattern: /init engine \(.*?\) took [\d.]+ s/, pick: 'last' },
  { mark: 'served', pattern: /Application startup complete/, pick: 'first' },
]

export const compileHit = /Directly load (?:.*compiled graph.* from the cache|AOT compilation from path)/
export const compileMiss = /Compiling a graph for .+ takes /
export const engineConfig = /Initializing an? (?:V\d )?LLM engine \(v([^)]+)\) with config: (.*)/
export const serverVersion = /vLLM API server version (\S+)/
