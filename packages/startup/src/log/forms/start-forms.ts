import type { VllmForm } from '../vllm-form.ts'

const began = (phase: 'api.config' | 'engine.spawn', step?: string) =>
  ({ kind: 'began', doing: { phase, ...(step !== undefined && { step }) } }) as const

/** From the first line to the engine's workers. */
export const startForms: readonly VllmForm[] = [
  {
    says: 'vLLM API server version ',
    rest: /(?<version>\S+)/y,
    means: { kind: 'server version' },
    releases: '0.8–0.22',
    source: 'entrypoints/openai/api_server.py, entrypoints/api_server.py',
  },
  {
    says: 'vLLM server version ',
    rest: /(?<version>\S+), serving model (?<model>.+)/y,
    means: { kind: 'server version' },
    releases: '0.15–0.33, without the logo',
    source: 'entrypoints/utils.py, entrypoints/common/startup.py: log_version_and_model',
  },
  {
    // The logo, after its block letters or whatever a wrong encoding turns them into.
    says: 'version ',
    rest: /(?<=(?:\P{ASCII}|\?) {2}version )(?<version>\d\S*)/uy,
    means: { kind: 'server version' },
    releases: '0.15–0.33',
    source: 'entrypoints/utils.py, entrypoints/common/startup.py: log_version_and_model',
  },
  {
    says: 'model   ',
    rest: /(?<=(?:\P{ASCII}|\?) {2}model {3})(?<model>\S.*)/uy,
    means: { kind: 'heard' },
    releases: '0.15–0.33',
    source: 'entrypoints/utils.py, entrypoints/common/startup.py: log_version_and_model',
  },
  {
    says: 'non-default args: ',
    rest: /(?:.*?'model': '(?<model>[^']+)')?/y,
    means: began('api.config', 'model inspection'),
    releases: '0.9–0.33',
    source: 'entrypoints/openai/cli_args.py, entrypoints/utils.py, entrypoints/common/startup.py',
  },
  {
    says: 'args: Namespace(',
    rest: /(?:.*? model='(?<model>[^']+)')?/y,
    means: began('api.config', 'model inspection'),
    releases: '0.8',
    source: 'entrypoints/openai/api_server.py',
  },
  {
    says: 'Resolved architecture: ',
    means: began('api.config'),
    releases: '0.10–0.33',
    source: 'config/model.py',
  },
  { says: 'This model supports multiple tasks: ', means: began('api.config'), releases: '0.8–0.9', source: 'config.py' },
  {
    says: 'Automatically detected platform ',
    means: { kind: 'heard' },
    releases: '0.8–0.10; later at DEBUG',
    source: 'platforms/__init__.py',
  },
  { says: 'Using max model len ', means: { kind: 'heard' }, releases: '0.9–0.33', source: 'config/model.py' },
  {
    says: 'Chunked prefill is enabled with ',
    means: { kind: 'heard' },
    releases: '0.8–0.33',
    source: 'config.py, config/scheduler.py',
  },
  { says: 'Cudagraph is disabled under eager mode', means: { kind: 'eager' }, releases: '0.10–0.33', source: 'config/vllm.py' },
  { says: 'Enforce eager set, disabling torch.compile', means: { kind: 'eager' }, releases: '0.17–0.33', source: 'config/vllm.py' },
  ...['a V1', 'a V0', 'an'].map((engine) => ({
    says: `Initializing ${engine} LLM engine (v`,
    rest: /(?<version>[^)]+)\) with config: (?<config>.*)/y,
    means: { kind: 'moment', moment: 'engine.config' } as const,
    releases: engine === 'a V1' ? '0.8–0.33' : engine === 'a V0' ? '0.8–0.10' : '0.6',
    source: engine === 'a V1' ? 'v1/engine/core.py' : 'engine/llm_engine.py',
  })),
  {
    says: 'Waiting for creating a placement group of specs',
    means: began('engine.spawn', 'Ray placement group'),
    releases: '0.8–0.33',
    source: 'executor/ray_utils.py, v1/executor/ray_utils.py',
  },
  {
    says: 'world_size=',
    rest: /\d+ rank=/y,
    means: began('engine.spawn', 'process groups'),
    releases: '0.11–0.33',
    source: 'distributed/parallel_state.py',
  },
  {
    says: 'rank ',
    rest: /\d+ in world size \d+ is assigned as /y,
    means: began('engine.spawn', 'model runner'),
    releases: '0.8–0.33',
    source: 'distributed/parallel_state.py',
  },
]
