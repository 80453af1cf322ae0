import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import { fill } from '../form.ts'
import { terminateNodeClaim } from '../karpenter/terminate-node-claim.ts'
import { messageForms } from '../message-forms.ts'
import type { KubeObject, NodeClaim, Pod } from '../objects.ts'
import { recordEvent } from '../record-event.ts'
import { toSeconds } from '../stamps.ts'

const gracePeriodSeconds = 30

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

/** A pod on a node gets time to stop; any other goes at once. */
function deletePod(cluster: Cluster, pod: Pod): Pod | undefined {
  const { store, agenda } = cluster
  if (pod.metadata.deletionTimestamp !== undefined) return pod
  if (pod.spec.nodeName === undefined) {
    store.remove(pod)
    return undefined
  }
  const marked = store.update(pod, (draft) => {
    draft.metadata.deletionTimestamp = toSeconds(agenda.now() + gracePeriodSeconds * 1000)
    draft.metadata.deletionGracePeriodSeconds = gracePeriodSeconds
  })
  const container = pod.spec.containers[0]?.name ?? ''
  if (pod.status.containerStatuses?.some(({ started }) => started)) {
    const message = fill(messageForms.killing, { container })
    const fieldPath = `spec.containers{${container}}`
    recordEvent(cluster, {
      about: pod,
      type: 'Normal',
      reason: 'Killing',
      message,
      component: 'kubelet',
      host: pod.spec.nodeName,
      fieldPath,
    })
  }
  agenda.after(delayOf(cluster, 'podStop', pod.metadata.name), () => {
    store.remove(marked)
    cluster.logs.delete(pod.metadata.uid)
    cluster.logs.delete(`${pod.metadata.uid}/previous`)
  })
  return marked
}
