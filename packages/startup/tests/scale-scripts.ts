import type { PodScript } from './play-pod.ts'

/** A start of vLLM 0.11 from a local model with a warm compile cache, `start` seconds after the pod was created. */
function log(start: number): readonly (readonly [number, string])[] {
  const engine = '(EngineCore_DP0 pid=178) '
  return [
    [start + 8.2, 'INFO 10-06 12:00:08 [__init__.py:216] Automatically detected platform cuda.'],
    [
      start + 14.4,
      `${engine}INFO 10-06 12:00:14 [core.py:77] Initializing a V1 LLM engine (v0.11.0) with config: model='/mnt/models/mistral', enforce_eager=False`,
    ],
    [start + 18.1, `${engine}INFO 10-06 12:00:18 [gpu_model_runner.py:2602] Starting to load model /mnt/models/mistral...`],
    [start + 26.3, `${engine}INFO 10-06 12:00:26 [default_loader.py:267] Loading weights took 7.58 seconds`],
    [start + 26.9, `${engine}INFO 10-06 12:00:26 [gpu_model_runner.py:2653] Model loading took 3.8815 GiB and 8.412345 seconds`],
    [start + 32.7, `${engine}INFO 10-06 12:00:32 [backends.py:559] Dynamo bytecode transform time: 5.02 s`],
    [
      start + 34.1,
      `${engine}INFO 10-06 12:00:34 [backends.py:164] Directly load the compiled graph(s) for dynamic shape from the cache, took 1.340 s`,
    ],
    [start + 36.0, `${engine}INFO 10-06 12:00:36 [kv_cache_utils.py:1087] GPU KV cache size: 46,640 tokens`],
    [start + 39.2, `${engine}INFO 10-06 12:00:39 [gpu_model_runner.py:3480] Graph capturing finished in 3 secs, took 0.48 GiB`],
    [start + 39.4, `${engine}INFO 10-06 12:00:39 [core.py:210] init engine (profile, create kv cache, warmup model) took 12.51 seconds`],
    [start + 41.0, '(APIServer pid=1) INFO:     Application startup complete.'],
  ]
}

export const onNewNode: PodScript = {
  newNode: 'gpu-1',
  log: log(62.4),
  steps: {
    Nominated: 1.2,
    Launched: 4.3,
    Registered: 39.6,
    NodeReady: 46.2,
    Gpu: 55.4,
    Scheduled: 55.9,
    Accepted: 56.1,
    Pulled: 61.7,
    Sandbox: 62.1,
    Started: 62.4,
    Ready: 105.3,
  },
}

export const onOldNode: PodScript = {
  log: log(2.1),
  steps: { Scheduled: 0.1, Accepted: 0.3, Pulled: 1.6, Sandbox: 1.9, Started: 2.1, Ready: 45.2 },
}

export const stuckPulling: PodScript = {
  newNode: 'gpu-2',
  cacheHit: false,
  steps: {
    Nominated: 1.4,
    Launched: 5.1,
    Registered: 41.6,
    NodeReady: 47.2,
    Gpu: 54.4,
    Scheduled: 54.9,
    Accepted: 55.1,
    Sandbox: 57.2,
    Pulling: 57.9,
    BackOff: 91.3,
  },
}
