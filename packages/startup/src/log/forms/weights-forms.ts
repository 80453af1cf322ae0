import { seconds, type VllmForm } from '../vllm-form.ts'

const reading = { phase: 'weights.read' } as const
/** `{desc}: {percentage}% Completed | {n}/{total} [{elapsed}<{remaining}, {rate}]`: `_BAR_FORMAT` of weight_utils.py. */
const completed =
  /[^%|]{1,70}: +(?<percent>\d+)% Completed \| (?<done>[^/ ]+)\/(?<of>[^ ]+) \[(?<elapsed>[\d:]+)<[\d:?]+, +(?:(?<rate>[\d.]+)it\/s|(?<perItem>[\d.]+)s\/it|[^\]]*)/y

/** Model set-up; weights downloaded, read and repacked. */
export const weightsForms: readonly VllmForm[] = [
  {
    says: 'Starting to load model ',
    means: { kind: 'moment', moment: 'load.start' },
    releases: '0.8–0.33',
    source: 'v1/worker/gpu_model_runner.py, cpu_model_runner.py; worker/model_runner.py (V0)',
  },
  {
    says: 'Loading model from scratch...',
    means: { kind: 'moment', moment: 'load.start' },
    releases: '0.9–0.33; the only such line of the V2 runner',
    source: 'v1/worker/gpu/model_runner.py; v1/worker/gpu_model_runner.py and tpu_model_runner.py to 0.13',
  },
  {
    says: 'Initializing model took ',
    rest: seconds,
    means: { kind: 'took', doing: { phase: 'model.init' } },
    releases: '0.32–0.33',
    source: 'model_executor/model_loader/base_loader.py',
  },
  {
    says: 'Time spent downloading weights for ',
    rest: /.+: (?<seconds>[\d.]+) seconds/y,
    means: { kind: 'took', doing: { phase: 'weights.download' } },
    releases: '0.8–0.33',
    source: 'model_executor/model_loader/weight_utils.py',
  },
  {
    says: 'Filesystem type for checkpoints: ',
    means: { kind: 'began', doing: reading },
    releases: '0.20–0.33',
    source: 'model_executor/model_loader/weight_utils.py: safetensors_weights_iterator',
  },
  {
    says: 'Prefetching checkpoint files into page cache started',
    means: { kind: 'began', doing: reading },
    releases: '0.19–0.33',
    source: 'model_executor/model_loader/weight_utils.py',
  },
  {
    says: 'Loading weights with BitsAndBytes quantization',
    means: { kind: 'began', doing: reading },
    releases: '0.8–0.26',
    source: 'model_executor/model_loader/loader.py, bitsandbytes_loader.py',
  },
  {
    says: 'Waiting up to ',
    rest: /[\d.]+s for the weight cache daemon to start/y,
    means: { kind: 'began', doing: { ...reading, step: 'wait for the weight cache daemon' } },
    releases: '0.31–0.33 (ipc_cache)',
    source: 'model_executor/model_loader/weight_cache/ipc_loader.py',
  },
  ...['Loading ', 'Multi-thread loading '].map((says) => ({
    says,
    rest: completed,
    means: { kind: 'bar', doing: reading } as const,
    releases: says === 'Loading ' ? '0.8–0.33' : '0.10–0.33',
    source: 'model_executor/model_loader/weight_utils.py: one bar for each load format',
  })),
  {
    says: 'Loading weights took ',
    rest: seconds,
    means: { kind: 'took', doing: reading },
    releases: '0.8–0.33',
    source: 'model_executor/model_loader/loader.py, default_loader.py, sharded_state_loader.py, tpu.py',
  },
  {
    says: 'Overall time to stream ',
    rest: /.*?: (?<seconds>[\d.]+)s, /y,
    means: { kind: 'took', doing: reading },
    foreign: true,
    releases: '0.8–0.33 (runai_streamer)',
    source: 'runai-model-streamer 0.17.1',
  },
  {
    says: 'Deserialized ',
    rest: /.+? in (?<seconds>[\d.]+)s, /y,
    means: { kind: 'took', doing: reading },
    releases: '0.8–0.33 (tensorizer)',
    source: 'model_executor/model_loader/tensorizer.py',
  },
  {
    says: 'Mapped ',
    rest: /\d+ tensors from the weight cache daemon/y,
    means: { kind: 'ended', doing: reading },
    releases: '0.30–0.33 (ipc_cache)',
    source: 'model_executor/model_loader/weight_cache/ipc_loader.py',
  },
  {
    says: 'Prefetching checkpoint files into page cache finished in ',
    rest: seconds,
    means: { kind: 'alongside', doing: { ...reading, step: 'page cache prefetch' } },
    releases: '0.19–0.33',
    source: 'model_executor/model_loader/weight_utils.py: a thread of its own',
  },
  {
    says: 'Loading drafter model...',
    means: { kind: 'began', doing: { phase: 'model.init', step: 'draft model' } },
    releases: '0.8–0.33',
    source: 'v1/worker/gpu_model_runner.py, cpu_model_runner.py',
  },
  {
    says: 'Model loading took ',
    rest: /[\d.]+ Gi?B/y,
    means: { kind: 'moment', moment: 'load.end' },
    releases: '0.8–0.33',
    source: 'v1/worker/gpu_model_runner.py, v1/worker/gpu/model_runner.py; worker/model_runner.py (V0)',
  },
  {
    says: 'Loading model weights took ',
    rest: /[\d.]+ Gi?B/y,
    means: { kind: 'moment', moment: 'load.end' },
    releases: '0.7; 0.8–0.9 on XPU and HPU',
    source: 'worker/model_runner.py, worker/xpu_model_runner.py',
  },
  {
    says: 'Reducing Torch threads from ',
    means: { kind: 'after load' },
    releases: '0.28–0.33',
    source: 'utils/torch_utils.py: set_torch_threads_for_runtime, the last of load_model',
  },
  {
    says: 'Using ',
    rest: /\w+ KV cache layout\./y,
    means: { kind: 'after load' },
    releases: '0.29–0.33',
    source: 'v1/attention/backends/utils.py, before the memory is profiled',
  },
]
