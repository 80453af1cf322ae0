import { listAt, readField, textAt } from '@prebake/manifests'
import { flaw, unjudged, type Flaw, type Unjudged } from '../../finding.ts'
import { unknown } from '../../subject/environment.ts'
import { serversOnSnapshots, type Server } from '../../subject/on-snapshots.ts'
import { gpuRequestOf, requestsOf } from '../../subject/pod-resources.ts'
import { rule, type Rule } from '../rule.ts'

/** Flags whose product is the number of GPUs, with those of one node where a model spans several. */
const parallel = ['tensor-parallel-size', 'pipeline-parallel-size', 'prefill-context-parallel-size'] as const
/** With one of these, some of the processes run in other pods. */
const spread = [
  'nnodes',
  'node-rank',
  'data-parallel-address',
  'data-parallel-rank',
  'data-parallel-external-lb',
  'data-parallel-hybrid-lb',
]

/** GPUs and shared memory that vLLM needs and does not get. */
export const gpus: readonly Rule[] = [
  rule({
    id: 'no-gpu-asked',
    severity: 'warning',
    about: 'vLLM on a GPU node without an `nvidia.com/gpu` limit: it starts before the driver is there, or shares the GPU of another pod.',
    each: serversOnSnapshots,
    judge: (server) => {
      if (gpuRequestOf(server.fields) !== undefined) return undefined
      const problem = 'without it the pod may start before the GPU is there, and other pods may take the same GPU.'
      return flaw(server, 'resources.limits', problem, 'Set the limit `nvidia.com/gpu: 1`.')
    },
  }),
  rule({
    id: 'fewer-gpus-than-parallel',
    severity: 'error',
    about: 'vLLM is to use more GPUs (`--tensor-parallel-size` and the like) than its container asks for, and ends at once.',
    each: serversOnSnapshots,
    judge: (server): Flaw | Unjudged | undefined => {
      const wanted = processesOf(server)
      if (wanted === 1) return undefined
      if (wanted === undefined) return unknownCount(server)
      if (gpuRequestOf(server.fields) !== 'whole')
        return unjudged(server, 'resources', 'how many whole GPUs the container gets is not written out')
      const asked = requestsOf({ spec: { containers: [server.fields] } }).gpus
      if (asked >= wanted) return undefined
      const flags = [...parallel, 'data-parallel-size'].filter((name) => server.serve.flag(name) !== undefined).map((name) => `--${name}`)
      const problem = `${flags.join(' and ')} use ${wanted} GPUs, and the container asks for ${asked}: vLLM ends at once.`
      return flaw(server, 'resources.limits', problem, `Set the limit \`nvidia.com/gpu: ${wanted}\`, or use fewer GPUs.`)
    },
  }),
  rule({
    id: 'shared-memory',
    severity: 'warning',
    about: 'Several GPUs without a volume at `/dev/shm`: containers get 64 MiB of shared memory, and NCCL needs more.',
    each: serversOnSnapshots,
    judge: (server): Flaw | Unjudged | undefined => {
      const wanted = processesOf(server)
      if (wanted === undefined) return unknownCount(server)
      const hasOwn = listAt(server.fields, 'volumeMounts').some((mount) => textAt(mount, 'mountPath')?.replace(/\/$/, '') === '/dev/shm')
      if (wanted < 2 || hasOwn || readField(server.pod.spec, 'hostIPC') === true) return undefined
      const problem = `the ${wanted} processes of vLLM share the 64 MiB that a container has at /dev/shm, and NCCL ends for want of memory.`
      return flaw(server, 'volumeMounts', problem, 'Mount `emptyDir: { medium: Memory }` at `/dev/shm`.')
    },
  }),
]

const unknownCount = (server: Server): Unjudged => unjudged(server, 'args', 'how many GPUs vLLM uses in this pod is not written out')

/** How many GPUs vLLM uses in this pod; undefined where that is not known. */
function processesOf({ serve, pod }: Server): number | undefined {
  const isSpread = spread.some((name) => serve.flag(name) !== undefined) || serve.flag('distributed-executor-backend') === 'ray'
  const data = serve.flag('data-parallel-size-local') ?? serve.flag('data-parallel-size')
  const sizes = [...parallel.map((name) => serve.flag(name)), data]
  if (sizes.every((size) => size === undefined)) return 1
  if (isSpread || pod.object.kind === 'LeaderWorkerSet' || sizes.includes(unknown)) return undefined
  const product = sizes.reduce<number>((total, size) => total * (size === undefined ? 1 : Number(size)), 1)
  return Number.isInteger(product) && product > 0 ? product : undefined
}
