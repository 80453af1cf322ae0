import type { LogLine } from '../src/ports/workload.ts'

/** Lines as vLLM prints them, with the whole seconds of their own stamps for the runtime's. */
function log(date: string, zone: string, lines: string): readonly LogLine[] {
  return lines
    .trim()
    .split('\n')
    .map((text) => ({ time: `${date}T${/\d\d-\d\d (\d\d:\d\d:\d\d)/.exec(text)?.[1] ?? '00:00:00'}.000000000${zone}`, text }))
}

/** `vllm serve` 0.8.5.post1, facebook/opt-125m from the hub, no compile cache; shortened. Files and numbers are those of the tag in vllm-project/vllm. */
export const vllm0_8 = log(
  '2025-05-09',
  'Z',
  `
INFO 05-09 22:19:49 [__init__.py:239] Automatically detected platform cuda.
INFO 05-09 22:20:08 [config.py:717] This model supports multiple tasks: {'embed', 'classify', 'reward', 'generate', 'score'}. Defaulting to 'generate'.
INFO 05-09 22:20:13 [config.py:2003] Chunked prefill is enabled with max_num_batched_tokens=8192.
INFO 05-09 22:20:18 [core.py:58] Initializing a V1 LLM engine (v0.8.5.post1) with config: model='facebook/opt-125m', speculative_config=None, tokenizer='facebook/opt-125m', enforce_eager=False, kv_cache_dtype=auto
INFO 05-09 22:20:21 [parallel_state.py:1004] rank 0 in world size 1 is assigned as DP rank 0, PP rank 0, TP rank 0
INFO 05-09 22:20:21 [gpu_model_runner.py:1329] Starting to load model facebook/opt-125m...
INFO 05-09 22:20:22 [weight_utils.py:265] Using model weights format ['*.bin']
INFO 05-09 22:20:51 [weight_utils.py:281] Time spent downloading weights for facebook/opt-125m: 28.962338 seconds
INFO 05-09 22:20:51 [loader.py:458] Loading weights took 0.17 seconds
INFO 05-09 22:20:51 [gpu_model_runner.py:1347] Model loading took 0.2389 GiB and 29.934842 seconds
INFO 05-09 22:20:53 [backends.py:420] Using cache directory: /root/.cache/vllm/torch_compile_cache/4f59edd943/rank_0_0 for vLLM's torch.compile
INFO 05-09 22:20:53 [backends.py:430] Dynamo bytecode transform time: 2.05 s
INFO 05-09 22:20:55 [backends.py:136] Cache the graph of shape None for later use
INFO 05-09 22:20:59 [backends.py:148] Compiling a graph for general shape takes 6.06 s
INFO 05-09 22:21:02 [monitor.py:33] torch.compile takes 8.11 s in total
INFO 05-09 22:21:02 [kv_cache_utils.py:634] GPU KV cache size: 549,216 tokens
INFO 05-09 22:21:02 [kv_cache_utils.py:637] Maximum concurrency for 2,048 tokens per request: 268.17x
INFO 05-09 22:21:17 [gpu_model_runner.py:1686] Graph capturing finished in 15 secs, took 0.20 GiB
INFO 05-09 22:21:17 [core.py:159] init engine (profile, create kv cache, warmup model) took 26.22 seconds
INFO 05-09 22:21:17 [core_client.py:439] Core engine process 0 ready.
`,
)

/** vLLM 0.20, which then had no memory left for its cache; shortened. */
export const vllm0_20 = log(
  '2026-05-01',
  'Z',
  `
(EngineCore pid=187) INFO 05-01 19:15:09 [core.py:109] Initializing a V1 LLM engine (v0.20.0) with config: model='RedHatAI/Qwen3.6-35B-A3B-NVFP4', speculative_config=None, enforce_eager=False
(EngineCore pid=187) INFO 05-01 19:15:25 [gpu_model_runner.py:4777] Starting to load model RedHatAI/Qwen3.6-35B-A3B-NVFP4...
(EngineCore pid=187) INFO 05-01 19:15:55 [default_loader.py:384] Loading weights took 28.31 seconds
(EngineCore pid=187) INFO 05-01 19:15:56 [gpu_model_runner.py:4879] Model loading took 21.86 GiB memory and 30.729705 seconds
(EngineCore pid=187) INFO 05-01 19:16:14 [backends.py:1069] Using cache directory: /root/.cache/vllm/torch_compile_cache/7c10152ca9/rank_0_0/backbone for vLLM's torch.compile
(EngineCore pid=187) INFO 05-01 19:16:14 [backends.py:1128] Dynamo bytecode transform time: 7.29 s
(EngineCore pid=187) INFO 05-01 19:16:48 [backends.py:391] Compiling a graph for compile range (1, 4096) takes 32.74 s
(EngineCore pid=187) INFO 05-01 19:16:51 [monitor.py:53] torch.compile took 44.17 s in total
(EngineCore pid=187) INFO 05-01 19:17:40 [monitor.py:81] Initial profiling/warmup run took 48.14 s
(EngineCore pid=187) INFO 05-01 19:17:45 [gpu_worker.py:440] Available KV cache memory: -3.31 GiB
(EngineCore pid=187) ERROR 05-01 19:17:45 [core.py:1136] EngineCore failed to start.
`,
)
