import { messageOf } from '@prebake/kernel'
import type { CompletionRequest, Completions, ServedPod } from '../ports/completions.ts'
import type { PodObject } from '../timeline/observed-objects.ts'

/** When a pod gave its first tokens, on the runner's clock; or why that is not known. */
export type SeenTokens =
  | { readonly firstTokenAt: Date; readonly coldSeconds: number; readonly warmSeconds: number; readonly model: string }
  | { readonly notMeasured: string }

/** A first completion may compile; one that takes longer tells nothing of a start any more. */
const limitMs = 300_000
const maxTokens = 16
/** vLLM's default (vllm/entrypoints/openai/cli_args.py, `--port`). */
const usualPort = 8000

/** Asks a pod that has just become Ready for two completions, one after the other. Never rejects unless `signal` aborts. */
export async function askFirstTokens(pod: PodObject, prompt: string, completions: Completions, signal: AbortSignal): Promise<SeenTokens> {
  const { name, namespace = 'default' } = pod.metadata
  const served: ServedPod = { name, namespace, port: servedPort(pod) }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
  try {
    const [model] = await completions.models(served, limit)
    if (model === undefined) return { notMeasured: '`/v1/models` names no model' }
    const request: CompletionRequest = { model, prompt, maxTokens }
    const cold = await completions.stream(served, request, limit)
    const warm = await completions.stream(served, request, limit)
    const seconds = ({ sentAt, firstTokenAt }: typeof cold) => (firstTokenAt.getTime() - sentAt.getTime()) / 1000
    return { firstTokenAt: cold.firstTokenAt, coldSeconds: seconds(cold), warmSeconds: seconds(warm), model }
  } catch (error) {
    if (signal.aborted) throw error
    return { notMeasured: limit.aborted ? `no answer within ${limitMs / 1000} s` : messageOf(error).replace(/\.$/, '') }
  }
}

interface PortedContainer {
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[]
  readonly readinessProbe?: { readonly httpGet?: { readonly port?: number | string } }
}

/** The port of the pod's first container: the one that its readiness probe asks, one named `http`, the first, or vLLM's default. */
export function servedPort({ spec }: PodObject): number {
  const { ports = [], readinessProbe } = (spec?.containers?.[0] ?? {}) as PortedContainer
  const probed = readinessProbe?.httpGet?.port
  if (typeof probed === 'number') return probed
  const named = ports.find(({ name }) => name === (probed ?? 'http')) ?? ports[0]
  return named?.containerPort ?? usualPort
}
