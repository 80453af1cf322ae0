import { seconds, type VllmForm } from '../vllm-form.ts'

const began = (step: string) => ({ kind: 'began', doing: { phase: 'kernels.warmup', step } }) as const
const took = (step: string) => ({ kind: 'took', doing: { phase: 'kernels.warmup', step } }) as const
const bar = (step: string) => ({ kind: 'bar', doing: { phase: 'kernels.warmup', step } }) as const
/** tqdm's own format. */
const progress =
  /[^%|]{0,90} +(?<percent>\d+)%\|[^|]*\| (?<done>\d+)\/(?<of>\d+) \[(?<elapsed>[\d:]+)<[\d:?]+, +(?:(?<rate>[\d.]+)it\/s|(?<perItem>[\d.]+)s\/it|[^\]]*)/y
const warmup = 'model_executor/warmup'

/** Kernels that are compiled or tuned before the first request. */
export const kernelForms: readonly VllmForm[] = [
  { says: 'JIT kernel warmup starting.', means: began('JIT'), releases: '0.29–0.33', source: `${warmup}/kernel_warmup.py` },
  {
    says: 'JIT kernel warmup finished in ',
    rest: seconds,
    means: took('JIT'),
    releases: '0.29–0.33',
    source: `${warmup}/kernel_warmup.py`,
  },
  { says: 'JIT kernel warmup (', rest: progress, means: bar('JIT'), releases: '0.29–0.33', source: `${warmup}/jit_warmup.py` },
  {
    says: 'Compile and warming up model for size ',
    means: began('sizes without a graph'),
    releases: '0.8–0.33',
    source: 'v1/worker/gpu_worker.py',
  },
  ...['Running FlashInfer autotune with ', 'Running FlashInfer BF16-only autotune with '].map((says) => ({
    says,
    means: began('FlashInfer autotune'),
    releases: '0.29–0.33',
    source: `${warmup}/kernel_warmup.py`,
  })),
  ...[
    'Using FlashInfer autotune cache file: ',
    'Using FlashInfer managed autotune cache ',
    'FlashInfer autotune cache loaded on rank ',
  ].map((says) => ({
    says,
    means: began('FlashInfer autotune'),
    releases: '0.22–0.33',
    source: `${warmup}/kernel_warmup.py`,
  })),
  {
    says: 'Autotuning FlashInfer SM120 ',
    means: began('FlashInfer autotune'),
    releases: '0.25–0.33',
    source: `${warmup}/flashinfer_sparse_mla_warmup.py`,
  },
  {
    says: '[Autotuner]: Autotuning process starts',
    means: began('FlashInfer autotune'),
    foreign: true,
    releases: '0.11–0.33',
    source: 'flashinfer/autotuner.py, in the format of its own logger',
  },
  {
    says: '[Autotuner]: Autotuning process ends',
    means: { kind: 'ended', doing: { phase: 'kernels.warmup', step: 'FlashInfer autotune' } },
    foreign: true,
    releases: '0.11–0.33',
    source: 'flashinfer/autotuner.py, in the format of its own logger',
  },
  {
    says: 'Warming up FlashInfer attention.',
    means: began('FlashInfer attention'),
    releases: '0.10–0.33',
    source: `${warmup}/kernel_warmup.py`,
  },
  {
    says: 'Warming up Mamba2 SSD Triton kernels',
    means: began('Triton'),
    releases: '0.22–0.33',
    source: 'model_executor/layers/mamba/mamba_mixer2.py',
  },
  {
    says: 'Warming up CuTeDSL ',
    means: began('CuTeDSL'),
    releases: '0.25–0.33',
    source: `${warmup}/cutedsl_warmup.py`,
  },
  {
    says: 'CuTeDSL warmup compiled ',
    rest: /\d+ units in (?<seconds>[\d.]+) s/y,
    means: took('CuTeDSL'),
    releases: '0.25–0.26',
    source: `${warmup}/cutedsl_warmup.py`,
  },
  {
    says: 'Compiling CuTeDSL kernels:',
    rest: progress,
    means: bar('CuTeDSL'),
    releases: '0.28–0.33',
    source: `${warmup}/cutedsl_warmup.py`,
  },
  {
    // ll_bf16, BF16x3, Qwen, Kimi, DeepSeek V4, MiniMax: no line for the end.
    says: 'Warming up ',
    rest: /.*(?:kernels?\b|GEMM|sparse MLA attention)/y,
    means: began('kernels of the model'),
    releases: '0.25–0.33',
    source: `${warmup}/*.py`,
  },
  {
    says: 'DeepSeek V4 mHC TileLang warmup finished in ',
    rest: seconds,
    means: took('TileLang'),
    releases: '0.25–0.29',
    source: `${warmup}/deepseek_v4_mhc_warmup.py`,
  },
  {
    says: 'MSA warmup: ',
    rest: /\d+ native kernels/y,
    means: began('MSA'),
    releases: '0.33',
    source: 'third_party/fmha_sm100/msa_warmup.py',
  },
  ...['DeepGEMM warmup:', 'DeepGemm(', 'DeepGemmExperts GEMM warmup '].map((says) => ({
    says,
    rest: progress,
    means: bar('DeepGEMM'),
    releases: says === 'DeepGEMM warmup:' ? '0.19–0.33' : '0.10–0.17',
    source: `${warmup}/deep_gemm_warmup.py, model_executor/layers/fused_moe/deep_gemm_moe.py`,
  })),
  {
    says: 'ROCm segmented attention autotune ready: ',
    rest: /.*elapsed=(?<seconds>[\d.]+)s/y,
    means: took('ROCm attention autotune'),
    releases: '0.32–0.33',
    source: `${warmup}/rocm_segmented_attn_autotune_warmup.py`,
  },
]
