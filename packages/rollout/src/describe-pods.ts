import type { KubernetesObject } from '@prebake/manifests'

interface ContainerStatus {
  readonly name?: string
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly terminated?: { readonly exitCode?: number }
  }
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode?: number } }
}

interface PodFields {
  readonly metadata: { readonly deletionTimestamp?: string }
  readonly status?: {
    readonly phase?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly containerStatuses?: readonly ContainerStatus[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
  }
}

/** `2 Ready, 1 CrashLoopBackOff`: how many pods are in which phase, by count. */
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

/** What `kubectl get pods` shows as a pod's status, with Ready in place of Running where it is. */
export function podPhase(pod: KubernetesObject): string {
  const { metadata, status = {} } = pod as unknown as PodFields
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  const waiting = containersOf(pod).find(({ state }) => state?.waiting?.reason !== undefined)
  if (waiting) return waiting.state?.waiting?.reason ?? 'Waiting'
  if (status.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True')) return 'Ready'
  return status.phase ?? 'Unknown'
}

export const isReady = (pod: KubernetesObject): boolean => podPhase(pod) === 'Ready'

/** Why a pod's container waits or has ended: `CrashLoopBackOff: back-off 10s restarting…; it ended with exit code 1 (Error)`. */
export function podTrouble(pod: KubernetesObject): string | undefined {
  const troubled = containersOf(pod).find(
    ({ state, lastState }) => state?.waiting?.message !== undefined || lastState?.terminated !== undefined,
  )
  if (troubled === undefined) return undefined
  const { reason, message } = troubled.state?.waiting ?? {}
  const ended = troubled.lastState?.terminated
  const end =
    ended && `its container ended with exit code ${ended.exitCode ?? '?'}${ended.reason === undefined ? '' : ` (${ended.reason})`}`
  return [[reason, message].filter(Boolean).join(': '), end].filter(Boolean).join('; ')
}

/** The name of a container whose run has ended with an error. */
export function crashedContainer(pod: KubernetesObject): string | undefined {
  return containersOf(pod).find(({ state, lastState }) => ((state?.terminated ?? lastState?.terminated)?.exitCode ?? 0) !== 0)?.name
}

function containersOf(pod: KubernetesObject): readonly ContainerStatus[] {
  const { status = {} } = pod as unknown as PodFields
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
}
