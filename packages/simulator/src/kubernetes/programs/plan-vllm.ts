import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import type { Container, Pod } from '../objects.ts'
import { timings } from '../../timings.ts'
import { findModel } from '../vllm/find-model.ts'
import { planStart } from '../vllm/plan-start.ts'
import { readSeconds } from '../vllm/timing.ts'
import type { ServeArguments } from '../vllm/serve-arguments.ts'
import { imageSize, unpackedRatio } from '../../registry/images.ts'
import { outOfMemory, type Program } from './program.ts'

/** Bytes of the image that starting vLLM reads. Believed: 3 to 5 GB of some 20 GB unpacked. */
const imagePagesBytes = 4e9

/** Bytes of memory that its processes take: importing (believed), and serving, as vLLM 0.32 does on a CPU with a model of 7 MB. */
const memoryNeeds = { importing: 1e9, serving: 3e9 }

/** Paths that vLLM 0.32 answers a GET of; its log has them as "Available routes". */
const routes = new Set([
  '/health',
  '/ping',
  '/load',
  '/version',
  '/metrics',
  '/kv_event_sources',
  '/v1/models',
  '/docs',
  '/redoc',
  '/openapi.json',
])

/** A start of vLLM in its phases, on the node that the pod is on. `memory` is what the container may have, in bytes. */
export function planVllm(
  cluster: Cluster,
  pod: Pod,
  container: Container,
  { vllm, memory }: { readonly vllm: ServeArguments; readonly memory: number },
): Program {
  const startedAt = cluster.agenda.now()
  const machine = cluster.machines.get(pod.spec.nodeName ?? '')
  const volume = machine?.volume
  const fromSnapshot = volume?.fromSnapshot === true
  const baked = vllm.bytes + imageSize(container.image) * unpackedRatio
  const read = (bytes: number) => (at: number) => (volume ? readSeconds(volume, { bytes, baked, at }) : 0)
  const { downloads, refusal } = findModel(vllm, pod, container, volume)
  const cached = cacheKey(vllm)
  const delay = (timing: Parameters<typeof delayOf>[1]) => delayOf(cluster, timing, pod.metadata.name)
  if (memory < memoryNeeds.importing) return { lines: [], end: { at: startedAt + delay('vllmImport') * 1000, ...outOfMemory }, vllm }
  const { lines, servingAt } = planStart(vllm, {
    startedAt,
    delay,
    // What was just pulled is still in memory, and so is what was just downloaded.
    readImage: fromSnapshot && machine?.images.has(container.image) !== true ? read(imagePagesBytes) : () => 0,
    readWeights: downloads ? () => (vllm.bytes / 1e9) * timings.cachedGigabyte.seconds : read(vllm.bytes),
    download: downloads ? delay('podDownloadGigabyte') * (vllm.bytes / 1e9) : 0,
    refusal,
    unreadable: fromSnapshot && vllm.model.startsWith('/') && volume?.flaw === 'broken shard',
    compileCacheHit: cached !== undefined && machine?.compileCaches.has(cached) === true,
    gpuMemoryGiB: machine?.gpuMemoryGiB ?? 24,
    hash: cluster.draws.hex(`compile cache ${pod.metadata.name}`, 64),
  })
  const engineAt = lines.find(({ text }) => text.includes('Initializing a V1 LLM engine'))?.at
  if (memory < memoryNeeds.serving && engineAt !== undefined) {
    return { lines: lines.filter(({ at }) => at <= engineAt), end: { at: engineAt + delay('vllmEngine') * 1000, ...outOfMemory }, vllm }
  }
  if (servingAt === undefined) return { lines, end: { at: lines.at(-1)?.at ?? startedAt, exitCode: 1, reason: 'Error' }, vllm }
  const status = (path: string) => (routes.has(path) ? 200 : 404)
  return { lines, server: { servingAt, port: vllm.port, status }, hearsTermFrom: servingAt, vllm }
}

/** What a later start on the same node finds; undefined when the cache goes with the container. */
export const cacheKey = ({ cacheOnNode, model }: ServeArguments): string | undefined =>
  cacheOnNode === undefined ? undefined : `${cacheOnNode} ${model}`
