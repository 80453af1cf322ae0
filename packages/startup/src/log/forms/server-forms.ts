import { seconds, type VllmForm } from '../vllm-form.ts'

const began = (step: string) => ({ kind: 'began', doing: { phase: 'server.start', step } }) as const
const alongside = (step: string) => ({ kind: 'alongside', doing: { phase: 'server.start', step } }) as const
const served = { kind: 'moment', moment: 'served' } as const
const failed = { kind: 'failed' } as const

/** Exceptions that end a start: the last line of Python's traceback. */
const exceptions = [
  'AssertionError',
  'AttributeError',
  'EOFError',
  'FileNotFoundError',
  'ImportError',
  'KeyError',
  'ModuleNotFoundError',
  'NotImplementedError',
  'OSError',
  'PermissionError',
  'RuntimeError',
  'TypeError',
  'ValueError',
  'safetensors_rust.SafetensorError',
  'torch.AcceleratorError',
  'torch.OutOfMemoryError',
  'torch.cuda.OutOfMemoryError',
  'torch.distributed.DistBackendError',
]

/** The API server, and how a start ends. */
export const serverForms: readonly VllmForm[] = [
  ...['Supported tasks: ', 'Supported_tasks: '].map((says) => ({
    says,
    means: began('application'),
    releases: says === 'Supported_tasks: ' ? '0.10' : '0.11–0.33',
    source: 'entrypoints/openai/api_server.py, entrypoints/launchers/api_server/entry.py',
  })),
  ...['Starting vLLM API server ', 'Starting vLLM server on '].map((says) => ({
    says,
    means: began('HTTP server'),
    releases: says.includes('API') ? '0.8–0.17' : '0.19–0.33',
    source: 'entrypoints/openai/api_server.py, entrypoints/launchers/api_server/entry.py',
  })),
  {
    says: 'Warming up chat template processing',
    means: began('chat template'),
    releases: '0.14–0.17',
    source: 'entrypoints/openai/chat_completion/serving.py',
  },
  {
    says: 'Warming up audio preprocessing libraries',
    means: began('multimodal processor'),
    releases: '0.14–0.17',
    source: 'entrypoints/openai/speech_to_text.py',
  },
  {
    says: 'Warming up multimodal input processor',
    means: began('multimodal processor'),
    releases: '0.14–0.17',
    source: 'entrypoints/openai/speech_to_text.py',
  },
  ...['Multi-modal warmup completed in ', 'Readonly multi-modal warmup completed in '].map((says) => ({
    says,
    rest: seconds,
    means: alongside('multimodal processor'),
    releases: '0.19–0.33',
    source: 'renderers/base.py: in the background',
  })),
  {
    says: 'Loaded new LoRA adapter: ',
    means: { kind: 'ended', doing: { phase: 'server.start', step: 'LoRA adapters' } },
    releases: '0.8–0.33',
    source: 'entrypoints/openai/serving_models.py, entrypoints/openai/models/serving.py',
  },
  { says: 'Application startup complete', means: served, foreign: true, releases: '0.8–0.33', source: 'uvicorn/lifespan/on.py' },
  {
    says: 'OpenAI server is ready to accept requests',
    means: served,
    releases: '0.22–0.33 with VLLM_USE_RUST_FRONTEND=1',
    source: 'vllm-rs',
  },
  { says: 'vLLM gRPC server started on ', means: served, releases: '0.14–0.33 with gRPC', source: 'entrypoints/launchers/grpc_server.py' },
  {
    says: 'It took ',
    rest: /(?<seconds>[\d.]+) seconds to fall asleep/y,
    means: { kind: 'took', doing: { phase: 'probe.slack', step: 'sleep' } },
    releases: '0.8–0.33',
    source: 'executor/executor_base.py, v1/executor/abstract.py',
  },
  {
    says: 'It took ',
    rest: /(?<seconds>[\d.]+) seconds to wake up/y,
    means: { kind: 'took', doing: { phase: 'probe.slack', step: 'wake-up' } },
    releases: '0.8–0.33',
    source: 'executor/executor_base.py, v1/executor/abstract.py',
  },
  ...[
    'EngineCore failed to start.',
    'EngineCore encountered a fatal error.',
    'WorkerProc failed to start.',
    'WorkerProc hit an exception.',
  ].map((says) => ({ says, means: failed, releases: '0.8–0.33', source: 'v1/engine/core.py, v1/executor/multiproc_executor.py' })),
  {
    says: 'Worker proc ',
    rest: /\S+ died unexpectedly(?<reason>[^,]*)/y,
    means: failed,
    releases: '0.8–0.33',
    source: 'v1/executor/multiproc_executor.py',
  },
  {
    says: 'Engine core proc ',
    rest: /\S+ died unexpectedly(?<reason>[^,]*)/y,
    means: failed,
    releases: '0.10–0.33',
    source: 'v1/engine/core_client.py, v1/utils.py',
  },
  {
    says: 'Value error, ',
    rest: /(?<reason>.+)/y,
    means: failed,
    releases: '0.8–0.33',
    source: 'pydantic, for an invalid configuration',
  },
  ...exceptions.map((name) => ({
    says: `${name}: `,
    rest: /(?<reason>.+)/y,
    means: failed,
    releases: '0.8–0.33',
    source: 'Python: the last line of a traceback',
  })),
]
