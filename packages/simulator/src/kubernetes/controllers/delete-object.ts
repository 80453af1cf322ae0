import type { Cluster } from '../cluster.ts'
import { terminateNodeClaim } from '../karpenter/terminate-nodes.ts'
import { kinds } from '../kinds.ts'
import type { NodeClaim } from '../karpenter/objects.ts'
import type { KubeObject, Pod } from '../objects.ts'
import { toSeconds } from '../stamps.ts'
import { deletePod } from './delete-pod.ts'

/** Deletes as the API does: what has something to finish first is only marked, and is returned as it then is; undefined when it has gone. */
export function deleteObject(cluster: Cluster, object: KubeObject): KubeObject | undefined {
  if (object.kind === 'Pod') return deletePod(cluster, object as Pod)
  if (object.kind === 'NodeClaim') return terminateNodeClaim(cluster, object as NodeClaim)
  if (object.kind === 'Node') {
    const claim = cluster.store.list<NodeClaim>('NodeClaim').find(({ status }) => status.nodeName === object.metadata.name)
    if (claim) {
      terminateNodeClaim(cluster, claim)
      return object
    }
  }
  if (object.kind === 'EC2NodeClass') {
    // Its finalizer waits until no NodeClaim is of this class; the NodeClass controller takes it from there.
    return cluster.store.update(object, (draft) => {
      draft.metadata.deletionTimestamp ??= toSeconds(cluster.agenda.now())
    })
  }
  cluster.store.remove(object)
  return undefined
}

/** Deletes what all owners of have gone. */
export function collectGarbage(cluster: Cluster): void {
  const all = kinds.flatMap(({ kind }) => cluster.store.list(kind))
  const present = new Set(all.map(({ metadata }) => metadata.uid))
  for (const object of all) {
    const owners = object.metadata.ownerReferences ?? []
    if (owners.length > 0 && owners.every(({ uid }) => !present.has(uid)) && object.metadata.deletionTimestamp === undefined) {
      deleteObject(cluster, object)
    }
  }
}
