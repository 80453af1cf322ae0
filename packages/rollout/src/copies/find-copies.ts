import { lostAfterAnnotation, nodeClaimKind, nodeClassKind, nodePoolKind, ownerLabel, type KubernetesObject } from '@prebake/manifests'
import { listReadable } from '../observe/list-readable.ts'
import type { Cluster } from '../ports/cluster.ts'

/** Isolated copies as the cluster has them. */
export interface Copies {
  /** What was applied, in the order in which it is to be deleted: pods first, then the NodePool, whose nodes need their EC2NodeClass until they have gone. */
  readonly objects: readonly KubernetesObject[]
  readonly nodeClaims: readonly KubernetesObject[]
  /** Why something of it could not be looked for. */
  readonly unreadable: readonly string[]
}

export type CopyFilter = (object: KubernetesObject) => boolean

const deploymentKind = { apiVersion: 'apps/v1', kind: 'Deployment' }

/** Finds copies by their label, whatever is known of the run that made them. A ConfigMap or Secret of theirs goes with its NodePool. */
export async function findCopies(
  { namespace, owner }: { readonly namespace: string; readonly owner?: string },
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<Copies> {
  const labelSelector = owner === undefined ? ownerLabel : `${ownerLabel}=${owner}`
  const queries = [
    { ...deploymentKind, namespace, labelSelector },
    ...[nodePoolKind, nodeClassKind, nodeClaimKind].map((kind) => ({ ...kind, labelSelector })),
  ]
  const found = await Promise.all(queries.map((query) => listReadable(cluster, query, signal)))
  const items = found.map((each) => ('items' in each ? each.items : []))
  return {
    objects: items.slice(0, -1).flat(),
    nodeClaims: items.at(-1) ?? [],
    unreadable: found.flatMap((each) => ('unreadable' in each ? [each.unreadable.reason] : [])),
  }
}

/** Whether an object is of a run that has not removed it in the time that it had. */
export function isLost({ metadata }: KubernetesObject, now: Date): boolean {
  const lostAfterMs = Date.parse(metadata.annotations?.[lostAfterAnnotation] ?? '')
  return lostAfterMs < now.getTime()
}
