import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import type { Container, Pod } from '../objects.ts'
import type { ProcessEnd, Program } from '../programs/program.ts'
import { livePod } from './live-pod.ts'

/** One run of a pod's first container, from its start until its process ends. */
export interface ContainerRun {
  readonly metadata: Pod['metadata']
  readonly container: Container
  /** How many were before. */
  readonly restartCount: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly program: Program
}

/** The pod while this run of its container goes on; undefined once it has ended, or the pod is being deleted. */
export function runningPod(cluster: Cluster, { metadata, restartCount }: ContainerRun): Pod | undefined {
  const pod = livePod(cluster, metadata)
  const [status] = pod?.status.containerStatuses ?? []
  return status?.restartCount === restartCount && 'running' in status.state ? pod : undefined
}

/** Where the log of the run before is kept. */
export const previousLog = ({ metadata }: Pod): string => `${metadata.uid}/previous`

/** The kubelet gives every container so much, whatever its pod says (pkg/kubelet/kuberuntime: minimumGracePeriodInSeconds). */
const leastGraceSeconds = 2
/** The API server's default. */
const defaultGraceSeconds = 30

export const graceSecondsOf = ({ spec }: Pod): number => spec.terminationGracePeriodSeconds ?? defaultGraceSeconds

/**
 * How the container ends that the kubelet stops now, and how many seconds later: with SIGTERM, or when its grace is over with SIGKILL. Believed: what
 * hears SIGTERM ends with 0.
 */
export function stopOf(cluster: Cluster, pod: Pod): { readonly seconds: number; readonly end: ProcessEnd } {
  const { name, uid } = pod.metadata
  const seconds = delayOf(cluster, 'podStop', name)
  const grace = Math.max(graceSecondsOf(pod), leastGraceSeconds)
  const isHeard = (cluster.hearsTermFrom.get(uid) ?? Infinity) <= cluster.agenda.now()
  return isHeard && seconds < grace
    ? { seconds, end: { exitCode: 0, reason: 'Completed' } }
    : { seconds: grace, end: { exitCode: 137, reason: 'Error' } }
}
