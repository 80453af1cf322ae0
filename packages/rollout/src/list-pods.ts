import { formatLabelSelector, type LabelSelector } from './format-label-selector.ts'
import { listReadable, type Readable } from './list-readable.ts'
import type { Cluster, KubernetesObject } from './ports/cluster.ts'

/** The pods that the Deployment's selector matches. */
export function listPods(deployment: KubernetesObject, cluster: Pick<Cluster, 'list'>, signal: AbortSignal): Promise<Readable> {
  const { spec } = deployment as unknown as { readonly spec?: { readonly selector?: LabelSelector } }
  const labelSelector = formatLabelSelector(spec?.selector ?? {})
  const { namespace } = deployment.metadata
  return listReadable(cluster, { apiVersion: 'v1', kind: 'Pod', ...(namespace === undefined ? {} : { namespace }), labelSelector }, signal)
}
