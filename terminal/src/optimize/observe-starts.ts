import { conditionsOf, readField, textAt, type KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '@prebake/rollout'
import type { Workload } from '@prebake/startup'

/** How the pods that serve now have started, as their own conditions say. */
export interface ObservedStarts {
  readonly image: string
  /** One for each Ready pod whose containers never restarted: created to Ready, in whole seconds, as Kubernetes stamps them. */
  readonly seconds: readonly number[]
  /** How many of them had to wait for their node. */
  readonly onNewNodes: number
}

/** Looks at the pods of a Deployment and their nodes. Changes nothing. @returns undefined where there is no such Deployment */
export async function observeStarts(
  { deployment, namespace }: { readonly deployment: string; readonly namespace: string },
  { cluster, workload }: { readonly cluster: Pick<Cluster, 'list'>; readonly workload: Pick<Workload, 'deployment'> },
  signal: AbortSignal,
): Promise<ObservedStarts | undefined> {
  const found = await workload.deployment(deployment, namespace, signal)
  if (found === undefined) return undefined
  const [pods, nodes] = await Promise.all([
    cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: found.podSelector }, signal),
    cluster.list({ apiVersion: 'v1', kind: 'Node' }, signal),
  ])
  const madeAt = new Map(nodes.map(({ metadata }) => [metadata.name, Date.parse(metadata.creationTimestamp ?? '')]))
  const starts = pods.flatMap((pod) => {
    const createdAt = Date.parse(pod.metadata.creationTimestamp ?? '')
    const readyAt = readyTime(pod)
    if (readyAt === undefined || restarts(pod) > 0 || pod.metadata.deletionTimestamp !== undefined) return []
    return [{ seconds: (readyAt - createdAt) / 1000, isOnNewNode: (madeAt.get(textAt(pod, 'spec.nodeName') ?? '') ?? 0) >= createdAt }]
  })
  return {
    image: found.image,
    seconds: starts.map(({ seconds }) => seconds),
    onNewNodes: starts.filter(({ isOnNewNode }) => isOnNewNode).length,
  }
}

function readyTime(pod: KubernetesObject): number | undefined {
  const ready = conditionsOf(pod).find(({ type, status }) => type === 'Ready' && status === 'True')
  return ready?.lastTransitionTime === undefined ? undefined : Date.parse(ready.lastTransitionTime)
}

function restarts(pod: KubernetesObject): number {
  const statuses = readField(pod, 'status.containerStatuses')
  return Array.isArray(statuses) ? Math.max(0, ...statuses.map((status: { restartCount?: number }) => status.restartCount ?? 0)) : 0
}
