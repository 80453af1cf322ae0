import type { KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'
import { listReadable } from '../observe/list-readable.ts'

const kinds = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'leaderworkerset.x-k8s.io/v1', kind: 'LeaderWorkerSet' },
  { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
]

/** All workloads of the cluster, of the kinds that it has; undefined where one of these cannot be listed. */
export async function listWorkloads(
  cluster: Pick<Cluster, 'discover' | 'list'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[] | undefined> {
  const found: KubernetesObject[] = []
  for (const kind of kinds) {
    if ((await cluster.discover(kind.apiVersion, kind.kind, signal)) === undefined) continue
    const listed = await listReadable(cluster, kind, signal)
    if ('unreadable' in listed) return undefined
    found.push(...listed.items)
  }
  return found
}
