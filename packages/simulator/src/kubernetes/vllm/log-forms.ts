import type { Form } from '../form.ts'

const server = (place: string, text: string) => `(APIServer pid=1) INFO {stamp} [${place}] ${text}`
const engine = (place: string, text: string) => `(EngineCore pid={pid}) INFO {stamp} [${place}] ${text}`

/**
 * The log of `vllm serve` 0.33.0 with one GPU and the V2 model runner, line by line. Where each comes from stands in fixtures/kubernetes/vllm-log.json; a
 * test holds the two together. `{stamp}` has neither year nor zone. Progress bars, uvicorn and Python's own lines carry no tag.
 */
export const logForms = {
  logoMargin: server('startup.py:38', ''),
  logoTop: server('startup.py:38', '       █     █     █▄   ▄█'),
  logoVersion: server('startup.py:38', ' ▄▄ ▄█ █     █     █ ▀▄▀ █  version 0.33.0'),
  logoModel: server('startup.py:38', '  █▄█▀ █     █     █     █  model   {model}'),
  logoBottom: server('startup.py:38', '   ▀▀  ▀▀▀▀▀ ▀▀▀▀▀ ▀     ▀'),
  arguments: server('startup.py:96', 'non-default args: {arguments}'),
  architecture: server('model.py:744', 'Resolved architecture: MistralForCausalLM'),
  maximumLength: server('model.py:2170', 'Using max model len {tokens}'),
  chunkedPrefill: server('scheduler.py:310', 'Chunked prefill is enabled with max_num_batched_tokens=2048.'),
  modelNotFound: "  Value error, Invalid repository ID or local directory specified: '{model}'.",
  shardDamaged: 'safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata, file not fully covered',
  engine: engine(
    'core.py:139',
    "Initializing a V1 LLM engine (v0.33.0) with config: model='{model}', speculative_config=None, tokenizer='{model}', {config}",
  ),
  processGroups: engine(
    'parallel_state.py:1929',
    'world_size=1 rank=0 local_rank=0 distributed_init_method=tcp://{address}:{port} backend=nccl',
  ),
  ranks: engine(
    'parallel_state.py:2385',
    'rank 0 in world size 1 is assigned as DP rank 0, PP rank 0, PCP rank 0, TP rank 0, ETP rank 0, EP rank N/A, EPLB rank N/A',
  ),
  runner: engine('gpu_worker.py:513', 'Using V2 Model Runner'),
  fromScratch: engine('model_runner.py:399', 'Loading model from scratch...'),
  attention: engine(
    'cuda.py:508',
    "Using FLASH_ATTN attention backend out of potential backends: ['FLASH_ATTN', 'FLASHINFER', 'TRITON_ATTN', 'FLEX_ATTENTION'].",
  ),
  awqMarlin: engine('auto_awq.py:451', 'Using MarlinLinearKernel for AutoAWQMarlinLinearMethod'),
  modelInitialized: engine('base_loader.py:82', 'Initializing model took {seconds} seconds'),
  downloaded: engine('weight_utils.py:537', 'Time spent downloading weights for {model}: {seconds} seconds'),
  filesystem: engine(
    'weight_utils.py:1144',
    'Filesystem type for checkpoints: XFS. Checkpoint size: {gib} GiB. Available RAM: {memory} GiB.',
  ),
  noPrefetch: engine(
    'weight_utils.py:1167',
    'Auto-prefetch is disabled because the filesystem (XFS) is not a recognized network FS (NFS/Lustre). If you want to force prefetching, start vLLM with --safetensors-load-strategy=prefetch.',
  ),
  shardsBegin: 'Loading safetensors checkpoint shards:   0% Completed | 0/{shards} [00:00<?, ?it/s]',
  shardsEnd: 'Loading safetensors checkpoint shards: 100% Completed | {shards}/{shards} [{elapsed}<00:00, {rate}s/it]',
  weightsLoaded: engine('default_loader.py:506', 'Loading weights took {seconds} seconds'),
  modelLoaded: engine('model_runner.py:428', 'Model loading took {gib} GiB memory and {seconds} seconds'),
  threads: engine(
    'torch_utils.py:281',
    'Reducing Torch threads from {threads} to 1 for serving. Set OMP_NUM_THREADS in the external environment to override.',
  ),
  layout: engine('utils.py:381', 'Using LBHNC KV cache layout.'),
  compileBegin: engine('monitor.py:40', '[backbone] Starting torch.compile'),
  cacheFolder: engine(
    'backends.py:1125',
    "[backbone] Using cache directory: {folder}/torch_compile_cache/torch_aot_compile/{hash}/rank_0_0/backbone for vLLM's torch.compile",
  ),
  dynamo: engine('backends.py:1187', '[backbone] Dynamo bytecode transform time: {seconds} s'),
  cacheMiss: engine('backends.py:401', '[backbone] Cache the graph of compile range (1, 2048) for later use'),
  compiled: engine('backends.py:417', '[backbone] Compiling a graph for compile range (1, 2048) takes {seconds} s'),
  saved: engine(
    'decorators.py:752',
    '[backbone] saved AOT compiled function to {folder}/torch_compile_cache/torch_aot_compile/{hash}/rank_0_0/model',
  ),
  cacheHit: engine(
    'decorators.py:326',
    '[backbone] Directly load AOT compilation from path {folder}/torch_compile_cache/torch_aot_compile/{hash}/rank_0_0/model',
  ),
  compileTotal: engine('monitor.py:62', '[backbone] torch.compile took {seconds} s in total'),
  firstRun: engine('monitor.py:91', '[backbone] Initial profiling/warmup run took {seconds} s'),
  graphsPiecewise: 'Capturing CUDA graphs (PIECEWISE): 100%|██████████| {graphs}/{graphs} [{elapsed}<00:00, {rate}it/s]',
  graphsFull: 'Capturing CUDA graphs (FULL): 100%|██████████| {graphs}/{graphs} [{elapsed}<00:00, {rate}it/s]',
  graphs: engine('model_runner.py:1163', 'Graph capturing finished in {seconds} secs, took {gib} GiB'),
  kvMemory: engine('gpu_worker.py:772', 'Available KV cache memory: {gib} GiB'),
  kvTokens: engine(
    'kv_cache_utils.py:1147',
    'GPU KV cache size: {tokens} tokens, Maximum concurrency for {length} tokens per request: {times}x',
  ),
  warmupBegin: engine('kernel_warmup.py:179', 'JIT kernel warmup starting.'),
  warmupEnd: engine('kernel_warmup.py:192', 'JIT kernel warmup finished in {seconds}s.'),
  graphMemory: engine(
    'gpu_worker.py:1003',
    'CUDA graph pool memory: {gib} GiB (actual), {gib} GiB (estimated), difference: 0.0 GiB (0.0%).',
  ),
  jitMonitor: engine('jit_monitor.py:84', 'Kernel JIT monitor activated; monitored JIT compilations during inference will use mode=warn.'),
  engineReady: engine(
    'core.py:405',
    'init engine (profile, create kv cache, warmup model) took {seconds} s (compilation: {compilation} s)',
  ),
  tasks: server('entry.py:135', "Supported tasks: ['generate']"),
  scaleOut: server('factories.py:105', 'Scale-out endpoints are disabled. Restart vllm serve with --enable-scale-out to enable them.'),
  template: server(
    'hf.py:736',
    "Detected the chat template content format to be 'string'. You can set `--chat-template-content-format` to override this.",
  ),
  listening: server('entry.py:139', 'Starting vLLM server on http://0.0.0.0:8000'),
  routes: server('launcher.py:188', 'Available routes are:'),
  routeHealth: server('launcher.py:197', 'Route: /health, Methods: GET'),
  routeChat: server('launcher.py:197', 'Route: /v1/chat/completions, Methods: POST'),
  process: 'INFO:     Started server process [1]',
  startup: 'INFO:     Waiting for application startup.',
  complete: 'INFO:     Application startup complete.',
} as const satisfies Record<string, Form>
