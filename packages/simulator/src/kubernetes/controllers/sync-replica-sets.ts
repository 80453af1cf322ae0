import type { Cluster } from '../cluster.ts'
import { fill, messageForms } from '../form.ts'
import type { KubeObject, Pod, ReplicaSet } from '../objects.ts'
import { recordEvent } from '../record-event.ts'
import { isTrue } from '../set-condition.ts'
import { deletePod } from './delete-pod.ts'

export const isOwnedBy = ({ metadata }: KubeObject, owner: KubeObject): boolean =>
  metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false

export const ownerReferenceTo = ({ apiVersion, kind, metadata: { name, uid } }: KubeObject) => ({
  apiVersion,
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
})

/** Gives every ReplicaSet its number of pods, and its status. */
export function syncReplicaSets(cluster: Cluster): void {
  for (const set of cluster.store.list<ReplicaSet>('ReplicaSet')) {
    const own = cluster.store.list<Pod>('Pod', set.metadata.namespace).filter((pod) => isOwnedBy(pod, set))
    const pods = own.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    for (let missing = set.spec.replicas - pods.length; missing > 0; missing -= 1) createPod(cluster, set)
    for (const pod of pods.toSorted(byWorth).slice(0, Math.max(0, pods.length - set.spec.replicas))) {
      deletePod(cluster, pod)
      record(cluster, set, 'SuccessfulDelete', fill(messageForms.podDeleted, { pod: pod.metadata.name }))
    }
    writeStatus(cluster, set)
  }
}

/** What goes first when there are too many: unscheduled, then not ready, then the newest. */
const byWorth = (a: Pod, b: Pod): number => worth(a) - worth(b) || b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp)
const worth = (pod: Pod): number => (pod.spec.nodeName === undefined ? 0 : isTrue(pod, 'Ready') ? 2 : 1)

function createPod(cluster: Cluster, set: ReplicaSet): void {
  const { template } = set.spec
  const pod = cluster.store.create<Pod>({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${set.metadata.name}-${cluster.draws.suffix(set.metadata.name)}`,
      ...(set.metadata.namespace !== undefined && { namespace: set.metadata.namespace }),
      labels: { ...template.metadata?.labels },
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ownerReferences: [ownerReferenceTo(set)],
    },
    spec: template.spec,
    status: { phase: 'Pending' },
  })
  record(cluster, set, 'SuccessfulCreate', fill(messageForms.podCreated, { pod: pod.metadata.name }))
}

const record = (cluster: Cluster, about: ReplicaSet, reason: string, message: string) =>
  recordEvent(cluster, { about, type: 'Normal', reason, message, component: 'replicaset-controller' })

function writeStatus({ store }: Cluster, set: ReplicaSet): void {
  const pods = store
    .list<Pod>('Pod', set.metadata.namespace)
    .filter((pod) => isOwnedBy(pod, set) && pod.metadata.deletionTimestamp === undefined)
  const ready = pods.filter((pod) => isTrue(pod, 'Ready')).length
  store.update(set, (draft) => {
    draft.status = {
      replicas: pods.length,
      ...(pods.length > 0 && { fullyLabeledReplicas: pods.length }),
      // The API leaves out a count of zero.
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
      observedGeneration: draft.metadata.generation ?? 1,
    }
  })
}
