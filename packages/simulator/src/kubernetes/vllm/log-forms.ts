import type { Form } from '../form.ts'

const server = (level: string, place: string, text: string) => `(APIServer pid=1) ${level} {stamp} [${place}] ${text}`
const engine = (place: string, text: string) => `(EngineCore_DP0 pid={pid}) INFO {stamp} [${place}] ${text}`

/**
 * The log of `vllm serve` 0.11.0 with one GPU, line by line. Where each comes from stands in fixtures/kubernetes/vllm-log.json; a test holds the
 * two together. `{stamp}` has neither year nor zone.
 */
export const logForms = {
  platform: 'INFO {stamp} [__init__.py:216] Automatically detected platform cuda.',
  apiServer: server('INFO', 'api_server.py:1839', 'vLLM API server version 0.11.0'),
  arguments: server('INFO', 'utils.py:233', 'non-default args: {arguments}'),
  architecture: server('INFO', 'model.py:547', 'Resolved architecture: MistralForCausalLM'),
  torchDtype: '(APIServer pid=1) `torch_dtype` is deprecated! Use `dtype` instead!',
  maximumLength: server('INFO', 'model.py:1510', 'Using max model len {tokens}'),
  awqMarlin: server('INFO', 'awq_marlin.py:119', 'The model is convertible to awq_marlin during runtime. Using awq_marlin kernel.'),
  chunkedPrefill: server('INFO', 'scheduler.py:205', 'Chunked prefill is enabled with max_num_batched_tokens=2048.'),
  modelNotFound: "(APIServer pid=1)   Value error, Invalid repository ID or local directory specified: '{model}'.",
  waitingForInit: engine('core.py:644', 'Waiting for init message from front-end.'),
  engine: engine(
    'core.py:77',
    "Initializing a V1 LLM engine (v0.11.0) with config: model='{model}', speculative_config=None, tokenizer='{model}', {config}",
  ),
  ranks: engine('parallel_state.py:1208', 'rank 0 in world size 1 is assigned as DP rank 0, PP rank 0, TP rank 0, EP rank 0'),
  startLoad: engine('gpu_model_runner.py:2602', 'Starting to load model {model}...'),
  fromScratch: engine('gpu_model_runner.py:2634', 'Loading model from scratch...'),
  attention: engine('cuda.py:366', 'Using Flash Attention backend on V1 engine.'),
  weightsFormat: engine('weight_utils.py:392', "Using model weights format ['*.safetensors']"),
  downloaded: engine('weight_utils.py:413', 'Time spent downloading weights for {model}: {seconds} seconds'),
  shardsBegin: 'Loading safetensors checkpoint shards:   0% Completed | 0/{shards} [00:00<?, ?it/s]',
  shardsEnd: 'Loading safetensors checkpoint shards: 100% Completed | {shards}/{shards} [{elapsed}<00:00, {rate}s/it]',
  weightsLoaded: engine('default_loader.py:267', 'Loading weights took {seconds} seconds'),
  modelLoaded: engine('gpu_model_runner.py:2653', 'Model loading took {gib} GiB and {seconds} seconds'),
  cacheFolder: engine(
    'backends.py:548',
    "Using cache directory: {folder}/torch_compile_cache/{hash}/rank_0_0/backbone for vLLM's torch.compile",
  ),
  dynamo: engine('backends.py:559', 'Dynamo bytecode transform time: {seconds} s'),
  cacheMiss: engine('backends.py:197', 'Cache the graph for dynamic shape for later use'),
  compiled: engine('backends.py:218', 'Compiling a graph for dynamic shape takes {seconds} s'),
  cacheHit: engine('backends.py:164', 'Directly load the compiled graph(s) for dynamic shape from the cache, took {seconds} s'),
  compileTotal: engine('monitor.py:34', 'torch.compile takes {seconds} s in total'),
  kvMemory: engine('gpu_worker.py:298', 'Available KV cache memory: {gib} GiB'),
  kvTokens: engine('kv_cache_utils.py:1087', 'GPU KV cache size: {tokens} tokens'),
  concurrency: engine('kv_cache_utils.py:1091', 'Maximum concurrency for {tokens} tokens per request: {times}x'),
  graphsMixed: 'Capturing CUDA graphs (mixed prefill-decode, PIECEWISE): 100%|██████████| 67/67 [{elapsed}<00:00, {rate}it/s]',
  graphsDecode: 'Capturing CUDA graphs (decode, FULL): 100%|██████████| 35/35 [{elapsed}<00:00, {rate}it/s]',
  graphs: engine('gpu_model_runner.py:3480', 'Graph capturing finished in {seconds} secs, took {gib} GiB'),
  engineReady: engine('core.py:210', 'init engine (profile, create kv cache, warmup model) took {seconds} seconds'),
  cacheConfig: server('INFO', 'loggers.py:147', 'Engine 000: vllm cache_config_info with initialization after num_gpu_blocks is: {blocks}'),
  tasks: server('INFO', 'api_server.py:1634', "Supported_tasks: ['generate']"),
  listening: server('INFO', 'api_server.py:1912', 'Starting vLLM API server 0 on http://0.0.0.0:8000'),
  routes: server('INFO', 'launcher.py:34', 'Available routes are:'),
  routeHealth: server('INFO', 'launcher.py:42', 'Route: /health, Methods: GET'),
  routeChat: server('INFO', 'launcher.py:42', 'Route: /v1/chat/completions, Methods: POST'),
  process: '(APIServer pid=1) INFO:     Started server process [1]',
  startup: '(APIServer pid=1) INFO:     Waiting for application startup.',
  complete: '(APIServer pid=1) INFO:     Application startup complete.',
} as const satisfies Record<string, Form>
