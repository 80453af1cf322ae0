import type { Cluster } from '../cluster.ts'
import { kinds } from '../kinds.ts'
import { deleteObject } from './delete-object.ts'

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
