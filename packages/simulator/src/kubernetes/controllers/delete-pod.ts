import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import { messageForms } from '../form.ts'
import type { Pod } from '../objects.ts'
import { toSeconds } from '../stamps.ts'
import { recordPodEvent } from './live-pod.ts'

const gracePeriodSeconds = 30

/** A pod on a node gets time to stop; any other goes at once. */
export function deletePod(cluster: Cluster, pod: Pod): Pod | undefined {
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
  if (pod.status.containerStatuses?.some(({ started }) => started)) {
    recordPodEvent(cluster, pod, 'Normal', 'Killing', messageForms.killing, pod.spec.containers[0])
  }
  agenda.after(delayOf(cluster, 'podStop', pod.metadata.name), () => {
    store.remove(marked)
    cluster.servers.delete(pod.metadata.uid)
    cluster.logs.delete(pod.metadata.uid)
    cluster.logs.delete(`${pod.metadata.uid}/previous`)
  })
  return marked
}
