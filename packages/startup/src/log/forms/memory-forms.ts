import { seconds, type VllmForm } from '../vllm-form.ts'

const kvEnd = { kind: 'moment', moment: 'kv.end' } as const

/** Memory profiling, the KV cache, CUDA graphs, the end of the engine's initialization. */
export const memoryForms: readonly VllmForm[] = [
  {
    says: 'Encoder cache will be initialized with a budget of ',
    means: { kind: 'began', doing: { phase: 'engine.other', step: 'encoder profiling' } },
    releases: '0.8–0.33',
    source: 'v1/worker/gpu_model_runner.py, v1/worker/gpu/mm/encoder_runner.py',
  },
  {
    says: 'Applying persisted startup plan ',
    means: { kind: 'startup plan', state: 'applied' },
    releases: '0.26–0.33',
    source: 'v1/worker/startup_plan.py',
  },
  {
    says: 'Startup plan not applied: ',
    rest: /(?<reason>.*)/y,
    means: { kind: 'startup plan', state: 'not applied' },
    releases: '0.26–0.33',
    source: 'v1/worker/startup_plan.py',
  },
  {
    says: 'Ignoring unreadable startup plan ',
    rest: /(?<reason>.*)/y,
    means: { kind: 'startup plan', state: 'not applied' },
    releases: '0.26–0.33',
    source: 'v1/worker/startup_plan.py',
  },
  {
    says: 'Saved startup plan to ',
    means: { kind: 'startup plan', state: 'saved' },
    releases: '0.26–0.33',
    source: 'v1/worker/startup_plan.py',
  },
  {
    says: 'Memory profiling takes ',
    rest: seconds,
    means: { kind: 'took', doing: { phase: 'kv.profile' } },
    releases: '0.8–0.10 (V0)',
    source: 'worker/worker.py',
  },
  {
    says: 'Profiling CUDA graph memory: ',
    means: { kind: 'began', doing: { phase: 'kv.profile', step: 'memory of CUDA graphs' } },
    releases: '0.19–0.33',
    source: 'v1/worker/gpu_model_runner.py',
  },
  {
    says: 'Estimated CUDA graph memory: ',
    means: { kind: 'began', doing: { phase: 'kv.profile' } },
    releases: '0.19–0.33',
    source: 'v1/worker/gpu_model_runner.py',
  },
  { says: 'Available KV cache memory: ', means: kvEnd, releases: '0.9–0.33', source: 'v1/worker/gpu_worker.py' },
  {
    says: 'Initial free memory ',
    rest: /.*skipped memory profiling/y,
    means: kvEnd,
    releases: '0.10–0.33 with kv_cache_memory_bytes',
    source: 'v1/worker/gpu_worker.py',
  },
  {
    says: 'Explicitly set (',
    rest: /.* for KV cache on node/y,
    means: kvEnd,
    releases: '0.20–0.33 on CPU',
    source: 'v1/worker/cpu_worker.py',
  },
  ...['GPU', 'CPU', 'XPU', 'TPU', 'HPU', 'NPU'].map((device) => ({
    says: `${device} KV cache size: `,
    means: kvEnd,
    releases: device === 'GPU' ? '0.8–0.33' : '0.30–0.33',
    source: 'v1/core/kv_cache_utils.py',
  })),
  {
    says: '# ',
    rest: /\w+ blocks: -?\d/y,
    means: kvEnd,
    releases: '0.8–0.10 (V0), with the name of the device',
    source: 'executor/executor_base.py',
  },
  {
    says: 'Capturing ',
    // tqdm: `desc: 100%|███| 67/67 [00:03<00:00, 18.20it/s]`.
    rest: /(?<what>[^:%|]{0,60}CUDA graph[^:%|]{0,60}): +(?<percent>\d+)%\|[^|]*\| (?<done>\d+)\/(?<of>\d+) \[(?<elapsed>[\d:]+)<[\d:?]+, +(?:(?<rate>[\d.]+)it\/s|(?<perItem>[\d.]+)s\/it|[^\]]*)/y,
    means: { kind: 'bar', doing: { phase: 'graphs.capture' } },
    releases: '0.8–0.33',
    source: 'v1/worker/gpu_model_runner.py, v1/worker/gpu/cudagraph_utils.py; worker/model_runner.py (V0)',
  },
  {
    says: 'Graph capturing finished in ',
    rest: seconds,
    means: { kind: 'took', doing: { phase: 'graphs.capture' } },
    releases: '0.8–0.33; from 0.29 on also for the V2 runner’s profiling',
    source: 'v1/worker/gpu_model_runner.py, v1/worker/gpu/model_runner.py; worker/model_runner.py (V0)',
  },
  {
    says: 'Encoder graph capturing finished in ',
    rest: seconds,
    means: { kind: 'took', doing: { phase: 'graphs.capture', step: 'encoder' } },
    releases: '0.31–0.33',
    source: 'v1/worker/mm_encoder_model_runner.py',
  },
  {
    says: 'init engine (',
    rest: /[^)]*\) took (?<seconds>[\d.]+) s/y,
    means: { kind: 'moment', moment: 'engine.ready' },
    releases: '0.8–0.33',
    source: 'v1/engine/core.py; engine/llm_engine.py (V0)',
  },
]
