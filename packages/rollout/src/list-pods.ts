import { isDeepStrictEqual } from 'node:util'
import { formatLabelSelector, type LabelSelector } from './format-label-selector.ts'
import { listReadable } from './list-readable.ts'
import type { Cluster, KubernetesObject } from './ports/cluster.ts'

interface Spec {
  readonly selector?: LabelSelector
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly template?: { readonly spec?: Spec }
}

export interface PodsOf {
  /** All that the Deployment's selector matches; undefined where they cannot be read. */
  readonly pods: readonly KubernetesObject[] | undefined
  /**
   * Without those that select other nodes than the template does: an old pod that was evicted in the middle of a rollout waits for nodes that will
   * never come again, and that is no failure of the new ones.
   */
  readonly ours: readonly KubernetesObject[]
  /** Why they cannot be read. */
  readonly unreadable: string | undefined
}

/** The pods of a Deployment. */
export async function ourPods(deployment: KubernetesObject, cluster: Pick<Cluster, 'list'>, signal: AbortSignal): Promise<PodsOf> {
  const spec = deployment['spec'] as Spec | undefined
  const labelSelector = formatLabelSelector(spec?.selector ?? {})
  const { namespace } = deployment.metadata
  const query = { apiVersion: 'v1', kind: 'Pod', ...(namespace === undefined ? {} : { namespace }), labelSelector }
  const listed = await listReadable(cluster, query, signal)
  if ('unreadable' in listed) return { pods: undefined, ours: [], unreadable: listed.unreadable }
  const wanted = spec?.template?.spec?.nodeSelector ?? {}
  const ours = listed.items.filter((pod) => isDeepStrictEqual((pod['spec'] as Spec | undefined)?.nodeSelector ?? {}, wanted))
  return { pods: listed.items, ours, unreadable: undefined }
}
