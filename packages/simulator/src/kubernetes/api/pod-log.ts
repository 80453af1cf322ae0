import type { SimulatedResponse } from '../../core/serve.ts'
import type { Cluster } from '../cluster.ts'
import type { Pod } from '../objects.ts'
import { toNanos } from '../stamps.ts'
import { previousLog } from '../controllers/container-run.ts'
import { badRequest } from './status.ts'

/** A pod is asked for new lines this often while its log is followed. */
const followSeconds = 1

/** The log so far, as plain text; the kubelet's refusals where there is none. @throws StatusError 400. */
export function podLog(cluster: Cluster, pod: Pod, parameters: URLSearchParams): SimulatedResponse {
  const { name, uid } = pod.metadata
  const asked = parameters.get('container') ?? pod.spec.containers[0]?.name ?? ''
  if (!pod.spec.containers.some((container) => container.name === asked))
    throw badRequest(`container ${asked} is not valid for pod ${name}`)
  // As the API server answers (pkg/registry/core/pod, LogLocation): an empty log, not a refusal.
  if (pod.spec.nodeName === undefined) return { status: 200, headers: { 'content-type': 'text/plain' }, body: '' }
  const [status] = pod.status.containerStatuses ?? []
  // The kubelet's own words (pkg/kubelet/kubelet_pods.go, validateContainerLogStatus): until it has said anything of the pod, and until it has started it.
  if (status === undefined) throw badRequest(`container "${asked}" in pod "${name}" is not available`)
  if (cluster.logs.get(uid) === undefined) throw badRequest(`container "${asked}" in pod "${name}" is waiting to start: ContainerCreating`)
  // What waits for its next run has ended the one that `previous` asks for.
  const isOver = status !== undefined && 'waiting' in status.state
  const log = parameters.get('previous') !== 'true' || (isOver && 'terminated' in status.lastState) ? uid : previousLog(pod)
  if (!cluster.logs.has(log)) throw badRequest(`previous terminated container "${asked}" in pod "${name}" not found`)

  const stamped = parameters.get('timestamps') === 'true'
  const tail = parameters.get('tailLines')
  const written = (after: number) => (cluster.logs.get(log) ?? []).filter(({ at }) => at > after && at <= cluster.agenda.now())
  const format = (lines: ReturnType<typeof written>) => lines.map(({ at, text }) => `${stamped ? `${toNanos(at)} ` : ''}${text}\n`).join('')
  const headers = { 'content-type': 'text/plain' }
  const first = written(0)
  const shown = tail === null ? first : first.slice(Math.max(0, first.length - Number(tail)))
  if (parameters.get('follow') !== 'true') return { status: 200, headers, body: format(shown) }

  const follow = async function* () {
    yield Buffer.from(format(shown))
    let last = first.at(-1)?.at ?? 0
    while (cluster.store.get('Pod', name, pod.metadata.namespace)?.metadata.uid === uid) {
      await new Promise<void>((resolve) => cluster.agenda.after(followSeconds, resolve))
      const lines = written(last)
      last = lines.at(-1)?.at ?? last
      if (lines.length > 0) yield Buffer.from(format(lines))
    }
  }
  return { status: 200, headers, body: follow() }
}
