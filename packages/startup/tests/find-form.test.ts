import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { findForm } from '../src/log/find-form.ts'
import { plainText } from '../src/log/plain-text.ts'
import { vllmForms } from '../src/log/vllm-forms.ts'

const api = '(APIServer pid=1) INFO 11-20 10:00:00 '
const engine = '(EngineCore pid=80) INFO 11-20 10:00:00 '
const bar = '100%|██████████| 30/30 [00:02<00:00, 15.00it/s]'

/** Lines as the released wheels write them, of the forms that no case of log-cases.json has. */
const lines: readonly (readonly [says: string, line: string, groups?: Readonly<Record<string, string>>])[] = [
  [
    'This model supports multiple tasks: ',
    "INFO 05-09 22:20:08 [config.py:717] This model supports multiple tasks: {'embed'}. Defaulting to 'generate'.",
  ],
  ['Using max model len ', `${api}[model.py:2152] Using max model len 2048`],
  ['Chunked prefill is enabled with ', `${api}[scheduler.py:307] Chunked prefill is enabled with max_num_batched_tokens=512.`],
  ['Cudagraph is disabled under eager mode', `${api}[vllm.py:1100] Cudagraph is disabled under eager mode`],
  [
    'Initializing a V0 LLM engine (v',
    "INFO 05-09 22:20:18 [llm_engine.py:234] Initializing a V0 LLM engine (v0.9.2) with config: model='m', use_cached_outputs=True, ",
    { version: '0.9.2' },
  ],
  ['Initializing an LLM engine (v', "Initializing an LLM engine (v0.6.1) with config: model='facebook/opt-125m'", { version: '0.6.1' }],
  [
    'Waiting for creating a placement group of specs',
    `${engine}[ray_utils.py:300] Waiting for creating a placement group of specs for 10 seconds. specs=[{'GPU': 1.0}]. Check \`ray status\``,
  ],
  ['Loading model weights took ', 'Loading model weights took 13.5083 GB'],
  ['Using ', `${engine}[utils.py:347] Using LBHNC KV cache layout.`],
  [
    'Warming up model for the compilation...',
    '(Worker pid=31) INFO 11-20 10:00:00 [cpu_model_runner.py:87] Warming up model for the compilation...',
  ],
  ['Warming up done.', '(Worker pid=31) INFO 11-20 10:00:00 [cpu_model_runner.py:91] Warming up done.'],
  [
    'Cannot save aot compilation to path ',
    '(EngineCore_DP0 pid=80) WARNING 11-20 10:00:00 [decorators.py:509] Cannot save aot compilation to path /c/model, error: no space',
    { path: '/c/model', reason: 'no space' },
  ],
  [
    'Applying persisted startup plan ',
    `${engine}[startup_plan.py:90] Applying persisted startup plan (fingerprint ab12): kv_cache_memory_bytes=1 (0.00 GiB), recorded free-memory baseline 79.18 GiB`,
  ],
  ['Ignoring unreadable startup plan ', `${engine}[startup_plan.py:60] Ignoring unreadable startup plan /c/ab.json: Expecting value`],
  [
    'Profiling CUDA graph memory: ',
    `${engine}[gpu_model_runner.py:6304] Profiling CUDA graph memory: PIECEWISE=51 (largest=512), FULL=35 (largest=256)`,
  ],
  ['Estimated CUDA graph memory: ', `${engine}[gpu_model_runner.py:6400] Estimated CUDA graph memory: 0.61 GiB total`],
  ...['TPU', 'HPU', 'NPU'].map(
    (device) => [`${device} KV cache size: `, `${engine}[kv_cache_utils.py:1147] ${device} KV cache size: 1,024 tokens`] as const,
  ),
  ['Supported_tasks: ', "(APIServer pid=1) INFO 11-20 10:00:00 [api_server.py:1634] Supported_tasks: ['generate']"],
  ['Starting vLLM API server ', `${api}[api_server.py:1912] Starting vLLM API server 0 on http://0.0.0.0:8000`],
  ['Warming up chat template processing', `${api}[serving.py:200] Warming up chat template processing...`],
  ['Warming up audio preprocessing libraries', `${api}[speech_to_text.py:130] Warming up audio preprocessing libraries...`],
  ['Warming up multimodal input processor', `${api}[speech_to_text.py:170] Warming up multimodal input processor...`],
  ['Multi-modal warmup completed in ', `${api}[base.py:283] Multi-modal warmup completed in 1.234s`, { seconds: '1.234' }],
  [
    'Readonly multi-modal warmup completed in ',
    `${api}[base.py:283] Readonly multi-modal warmup completed in 0.567s`,
    { seconds: '0.567' },
  ],
  ['It took ', `${engine}[abstract.py:320] It took 2.512345 seconds to fall asleep.`, { seconds: '2.512345' }],
  ['It took ', `${engine}[abstract.py:340] It took 0.590000 seconds to wake up tags {'weights'}.`, { seconds: '0.590000' }],
  [
    'EngineCore encountered a fatal error.',
    '(EngineCore pid=80) ERROR 11-20 10:00:00 [core.py:1500] EngineCore encountered a fatal error.',
  ],
  ['WorkerProc failed to start.', '(Worker_TP0 pid=91) ERROR 11-20 10:00:00 [multiproc_executor.py:900] WorkerProc failed to start.'],
  ['WorkerProc hit an exception.', '(Worker_TP0 pid=91) ERROR 11-20 10:00:00 [multiproc_executor.py:1063] WorkerProc hit an exception.'],
  [
    'Worker proc ',
    '(EngineCore pid=80) ERROR 11-20 10:00:00 [multiproc_executor.py:315] Worker proc VllmWorker-0 died unexpectedly (exit code: -9), shutting down executor.',
  ],
  [
    'Engine core proc ',
    '(APIServer pid=1) ERROR 11-20 10:00:00 [core_client.py:600] Engine core proc EngineCore died unexpectedly, shutting down client.',
  ],
  [
    'Encoder graph capturing finished in ',
    `${engine}[mm_encoder_model_runner.py:94] Encoder graph capturing finished in 3 secs, took 0.20 GiB (8 graphs)`,
    { seconds: '3' },
  ],
  [
    'Value error, ',
    "  Value error, Invalid repository ID or local directory specified: '/m'.",
    { reason: "Invalid repository ID or local directory specified: '/m'." },
  ],
  ['JIT kernel warmup (', `JIT kernel warmup (30 compile keys): ${bar}`, { done: '30', rate: '15.00' }],
  ['Compile and warming up model for size ', `${engine}[gpu_worker.py:971] Compile and warming up model for size 8192`],
  [
    'Running FlashInfer BF16-only autotune with ',
    `${engine}[kernel_warmup.py:377] Running FlashInfer BF16-only autotune with 8192 tokens.`,
  ],
  ['Using FlashInfer autotune cache file: ', `${engine}[kernel_warmup.py:500] Using FlashInfer autotune cache file: /c/autotune.json`],
  [
    'Using FlashInfer managed autotune cache ',
    `${engine}[kernel_warmup.py:520] Using FlashInfer managed autotune cache (root=/c). Pass --disable-flashinfer-autotune`,
  ],
  [
    'FlashInfer autotune cache loaded on rank ',
    `${engine}[kernel_warmup.py:300] FlashInfer autotune cache loaded on rank 0 from /c/autotune.json.`,
  ],
  [
    'Autotuning FlashInfer SM120 ',
    `${engine}[flashinfer_sparse_mla_warmup.py:200] Autotuning FlashInfer SM120 sparse MLA fp8 decode with cache: /c`,
  ],
  ['Warming up FlashInfer attention.', `${engine}[kernel_warmup.py:290] Warming up FlashInfer attention.`],
  ['Warming up Mamba2 SSD Triton kernels', `${engine}[mamba_mixer2.py:700] Warming up Mamba2 SSD Triton kernels...`],
  ['Warming up CuTeDSL ', `${engine}[cutedsl_warmup.py:80] Warming up CuTeDSL compile_units=30 names=['a'].`],
  ['CuTeDSL warmup compiled ', `${engine}[cutedsl_warmup.py:95] CuTeDSL warmup compiled 30 units in 12.50 s.`, { seconds: '12.50' }],
  ['Compiling CuTeDSL kernels:', `Compiling CuTeDSL kernels: ${bar}`, { percent: '100' }],
  ['Warming up ', `${engine}[kernel_warmup.py:100] Warming up ll_bf16 router GEMM kernels for shapes: ((128, 64),).`],
  [
    'DeepSeek V4 mHC TileLang warmup finished in ',
    `${engine}[deepseek_v4_mhc_warmup.py:90] DeepSeek V4 mHC TileLang warmup finished in 3.10 seconds.`,
    { seconds: '3.10' },
  ],
  ['MSA warmup: ', `${engine}[msa_warmup.py:60] MSA warmup: 12 native kernels (3 FMHA variants to compile), 8 workers`],
  ['DeepGemm(', `DeepGemm(fp8_gemm_nt) warmup (W=torch.Size([4096, 4096])) [relaxed warmup]: ${bar}`, { of: '30' }],
  ['DeepGemmExperts GEMM warmup ', `DeepGemmExperts GEMM warmup (MAX_M=8192): ${bar}`, { of: '30' }],
  [
    'ROCm segmented attention autotune ready: ',
    `${engine}[rocm_segmented_attn_autotune_warmup.py:400] ROCm segmented attention autotune ready: tp_rank=0/1 local_tuned=3 tuned=3 loaded=0 failed=0 elapsed=4.20s cache=/c`,
    { seconds: '4.20' },
  ],
]

const errors = vllmForms.filter(({ source }) => source.startsWith('Python')).map(({ says }) => [says, `${says}it went wrong`] as const)

test.each([...lines, ...errors])('%s', (says, line, groups = {}) => {
  const found = findForm(line)
  expect(found?.form.says).toBe(says)
  expect(found?.groups).toMatchObject(groups)
})

test('there is no form that no line shows', () => {
  const file = new URL('vllm-log/log-cases.json', import.meta.url)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { lines: [number, string][] }[] }
  const texts = [...cases.flatMap((each) => each.lines.map(([, text]) => text)), ...[...lines, ...errors].map(([, line]) => line)]
  const shown = new Set(texts.flatMap(plainText).map((text) => findForm(text)?.form))
  expect(vllmForms.filter((form) => !shown.has(form)).map(({ says }) => says)).toEqual([])
})

test('a header of any kind changes nothing of what a line says', () => {
  const header = fc.constantFrom(
    '',
    `${api}[a.py:1] `,
    'decode_INFO 11-20 10:00:00 [core.py:93] ',
    'node-3|(EngineCore pid=80) DEBUG 11-20 10:00:00 [v1/worker/gpu/model_runner.py:399] ',
    '(EngineCore_DP0 pid=9) (RayWorkerWrapper pid=120, ip=10.0.0.2) INFO 11-20 10:00:00 [default_loader.py:314] ',
    '2026-11-20 10:00:00 | core | 139623526012736 | INFO : ',
    '[2026-11-20 10:00:00,123] INFO vllm.v1.engine.core: ',
    'INFO:vllm.v1.engine.core:',
    'Nov 20 10:00:00 host serve.sh[8633]: (Worker pid=31) INFO 11-20 10:00:00 [a.py:1] ',
    '2026-11-20T10:00:00.000000000Z stderr F (Worker pid=31) INFO 11-20 10:00:00 [a.py:1] ',
    '{"asctime": "2026-11-20 10:00:00,400", "levelname": "INFO", "name": "vllm.x", "process": 1, "message": "',
  )
  const message = fc.constantFrom(
    'Loading weights took 1.50 seconds',
    'Dynamo bytecode transform time: 1.50 s',
    'Graph capturing finished in 15 secs, took 1 GiB',
  )
  fc.assert(
    fc.property(header, message, fc.constantFrom('', '[backbone] '), (before, said, part) => {
      const found = findForm(before + part + said)
      expect(found?.groups['seconds']).toMatch(/^1\.?5/)
      expect(found?.at).toBe(before.length + part.length)
    }),
  )
})

test.each([
  'Loading weights',
  'The time that Loading weights took 1.50 seconds',
  'torch.compile takes long',
  'CUDA: version 12.4',
  'INFO 11-20 10:00:00 [loggers.py:273] Engine 000: GPU KV cache usage: 0.0%',
  `${'x'.repeat(600)}: Loading weights took 1.50 seconds`,
])('%s: nothing that counts', (line) => {
  expect(findForm(line)).toBeUndefined()
})

test.each([
  ['\u001B[0;36m(APIServer pid=1)\u001B[0;0m \u001B[32mINFO\u001B[0m', ['(APIServer pid=1) INFO']],
  ['#033[0;36mx#033[0m', ['x']],
  [String.raw`\u001b[32mINFO\u001b[0m`, ['INFO']],
  ['\rone\rtwo\r', ['one', 'two']],
  ['plain [00m text', ['plain [00m text']],
])('%j as a terminal shows it', (text, plain) => {
  expect(plainText(text)).toEqual(plain)
})
