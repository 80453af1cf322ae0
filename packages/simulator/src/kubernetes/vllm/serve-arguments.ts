import { models } from '../../hub/models.ts'
import { mistralAwq } from '../../hub/models/mistral-awq.ts'
import type { Container, PodSpec } from '../objects.ts'

/** What a container's command line says about the server that it starts. */
export interface ServeArguments {
  /** As given: a name on the hub, or a path. */
  readonly model: string
  /** Of a model that is given by its name. Undefined: the newest. */
  readonly revision: string | undefined
  /** Of all weights. Of a model that the simulated hub does not have: those of its smallest. */
  readonly bytes: number
  readonly shards: number
  readonly quantization: 'awq_marlin' | 'None'
  readonly servedName: string
  readonly port: number
  readonly maximumLength: number
  readonly loadFormat: string
  /** `VLLM_CACHE_ROOT`, or its default. */
  readonly cacheRoot: string
  /** The folder of the node that holds the cache; undefined: it goes with the container. */
  readonly cacheOnNode: string | undefined
  /** The non-default arguments, as vLLM prints them. */
  readonly printed: string
}

/** Reads the command line of `vllm serve`, or of the image's own entry point; undefined for a container that is no vLLM. */
export function serveArguments({ volumes = [] }: PodSpec, container: Container): ServeArguments | undefined {
  const words = [...(container.command ?? []), ...(container.args ?? [])]
  // A command replaces the image's own.
  const runsVllm = container.command === undefined ? /vllm/.test(container.image) : words.some((word) => /\bvllm\b/.test(word))
  if (!runsVllm) return undefined
  const valueOf = (name: string) =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ??
    (words.includes(name) ? words[words.indexOf(name) + 1] : undefined)
  const positional = words.find(
    (word, index) => !word.startsWith('-') && !['vllm', 'serve'].includes(word) && !(words[index - 1] ?? '').startsWith('--'),
  )
  const model = valueOf('--model') ?? positional ?? 'facebook/opt-125m'
  const id = /models--(.+?)--(.+?)(?:\/|$)/.exec(model)?.slice(1).join('/') ?? model
  const known = models.find((candidate) => candidate.id === id) ?? mistralAwq
  const weights = known.files.filter(({ path }) => /^model.*\.safetensors$/.test(path))

  const cacheRoot = container.env?.find(({ name }) => name === 'VLLM_CACHE_ROOT')?.value ?? '/root/.cache/vllm'
  const mount = container.volumeMounts?.find(({ mountPath }) => cacheRoot === mountPath || cacheRoot.startsWith(`${mountPath}/`))
  const cacheOnNode = volumes.find(({ name }) => name === mount?.name)?.hostPath?.path
  return {
    model,
    revision: valueOf('--revision'),
    bytes: weights.reduce((sum, { fullSize }) => sum + fullSize, 0),
    shards: weights.length,
    quantization: id.endsWith('AWQ') ? 'awq_marlin' : 'None',
    servedName: valueOf('--served-model-name') ?? model,
    port: Number(valueOf('--port') ?? 8000),
    maximumLength: Number(valueOf('--max-model-len') ?? 32_768),
    loadFormat: valueOf('--load-format') ?? 'auto',
    cacheRoot,
    cacheOnNode,
    printed: print({
      model_tag: model,
      model,
      served_model_name: valueOf('--served-model-name'),
      max_model_len: valueOf('--max-model-len'),
    }),
  }
}

function print(values: Readonly<Record<string, string | undefined>>): string {
  const quote = (value: string) => (/^\d+$/.test(value) ? value : `'${value}'`)
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`'${name}': ${name === 'served_model_name' ? `[${quote(value)}]` : quote(value)}`],
  )
  return `{${given.join(', ')}}`
}
