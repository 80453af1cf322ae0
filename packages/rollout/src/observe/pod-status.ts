import type { KubernetesObject } from '@prebake/manifests'

interface ContainerStatus {
  readonly name?: string
  readonly ready?: boolean
  readonly restartCount?: number
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly terminated?: { readonly exitCode?: number }
  }
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode?: number } }
}

interface PodFields {
  readonly metadata: { readonly deletionTimestamp?: string }
  readonly spec?: { readonly nodeName?: string }
  readonly status?: {
    readonly phase?: string
    /** Of a pod that the kubelet ended or did not take: `Evicted`. */
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly containerStatuses?: readonly ContainerStatus[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
  }
}

const fieldsOf = (pod: KubernetesObject): PodFields => pod as unknown as PodFields

/** `2 Ready, 1 CrashLoopBackOff`: how many pods are in which phase. */
export function describePods(pods: readonly KubernetesObject[]): string {
  return countPhases(pods.map(podPhase))
}

/** `2 Ready, 1 Pending`: the most frequent first. */
export function countPhases(phases: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const phase of phases) counts.set(phase, (counts.get(phase) ?? 0) + 1)
  const sorted = [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
  return sorted.map(([phase, count]) => `${count} ${phase}`).join(', ') || 'none'
}

/** What `kubectl get pods` shows as a pod's status, with Ready instead of Running where it is ready. */
export function podPhase(pod: KubernetesObject): string {
  const { metadata, status = {} } = fieldsOf(pod)
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  const waiting = allContainersOf(pod).find(({ state }) => state?.waiting?.reason !== undefined)
  if (waiting) return waiting.state?.waiting?.reason ?? 'Waiting'
  if (status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True')) return 'Ready'
  return status.reason ?? status.phase ?? 'Unknown'
}

export const isReady = (pod: KubernetesObject): boolean => podPhase(pod) === 'Ready'

/** The node that the pod is assigned to. */
export const nodeNameOf = (pod: KubernetesObject): string | undefined => fieldsOf(pod).spec?.nodeName

/** Why a pod's container waits or has ended, or the kubelet ended the pod: `CrashLoopBackOff: back-off 10s restarting…; its container ended with exit code 1 (Error)`. */
export function podFailure(pod: KubernetesObject): string | undefined {
  const { status = {} } = fieldsOf(pod)
  if (status.reason !== undefined) return [status.reason, status.message].filter(Boolean).join(': ')
  const failed = allContainersOf(pod).find(
    ({ state, lastState }) => state?.waiting?.message !== undefined || lastState?.terminated !== undefined,
  )
  if (failed === undefined) return undefined
  const { reason, message } = failed.state?.waiting ?? {}
  const ended = failed.lastState?.terminated
  const end =
    ended && `its container ended with exit code ${ended.exitCode ?? '?'}${ended.reason === undefined ? '' : ` (${ended.reason})`}`
  return [[reason, message].filter(Boolean).join(': '), end].filter(Boolean).join('; ')
}

/** The names of the containers of which a run has ended with an error. */
export function crashedContainers(pod: KubernetesObject): readonly string[] {
  const crashed = allContainersOf(pod).filter(({ state, lastState }) => ((state?.terminated ?? lastState?.terminated)?.exitCode ?? 0) !== 0)
  return crashed.flatMap(({ name }) => name ?? [])
}

/** What the kubelet says of containers that it cannot start. */
export function waitingMessages(pod: KubernetesObject): readonly string[] {
  return allContainersOf(pod).flatMap(({ state }) => state?.waiting?.message ?? [])
}

/** Without init containers. */
export function containersOf(pod: KubernetesObject): readonly ContainerStatus[] {
  return fieldsOf(pod).status?.containerStatuses ?? []
}

function allContainersOf(pod: KubernetesObject): readonly ContainerStatus[] {
  return [...(fieldsOf(pod).status?.initContainerStatuses ?? []), ...containersOf(pod)]
}
