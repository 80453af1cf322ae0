import { formatLabelSelector, type KubernetesObject, type LabelSelector } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'
import type { WorkloadPods } from '../workload/workload-kind.ts'
import { listReadable } from './list-readable.ts'

/** The pods that a selector matches in the workload's namespace, and which of them are of its present template. */
export async function podsBySelector(
  { metadata: { namespace } }: KubernetesObject,
  selector: LabelSelector,
  isOurs: (pod: KubernetesObject) => boolean,
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<WorkloadPods> {
  const query = { ...(namespace === undefined ? {} : { namespace }), labelSelector: formatLabelSelector(selector) }
  const listed = await listReadable(cluster, { apiVersion: 'v1', kind: 'Pod', ...query }, signal)
  if ('unreadable' in listed) return { pods: undefined, ours: [], unreadable: listed.unreadable, guessed: undefined }
  return { pods: listed.items, ours: listed.items.filter(isOurs), unreadable: undefined, guessed: undefined }
}
