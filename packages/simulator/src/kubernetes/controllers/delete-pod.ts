import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import { messageForms } from '../form.ts'
import type { Pod } from '../objects.ts'
import { toSeconds } from '../stamps.ts'
import { graceSecondsOf, previousLog, stopOf } from './container-run.ts'
import { recordPodEvent } from './live-pod.ts'

/** A pod on a node gets time to stop; any other goes at once. */
export function deletePod(cluster: Cluster, pod: Pod): Pod | undefined {
  const { store, agenda } = cluster
  if (pod.metadata.deletionTimestamp !== undefined) return pod
  if (pod.spec.nodeName === undefined) {
    store.remove(pod)
    return undefined
  }
  const gracePeriodSeconds = graceSecondsOf(pod)
  const isRunning = pod.status.containerStatuses?.some(({ state }) => 'running' in state) === true
  const marked = store.update(pod, (draft) => {
    draft.metadata.deletionTimestamp = toSeconds(agenda.now() + gracePeriodSeconds * 1000)
    draft.metadata.deletionGracePeriodSeconds = gracePeriodSeconds
  })
  if (isRunning) {
    recordPodEvent(cluster, pod, 'Normal', 'Killing', messageForms.killing, pod.spec.containers[0])
  }
  agenda.after(isRunning ? stopOf(cluster, pod).seconds : delayOf(cluster, 'podStop', pod.metadata.name), () => {
    store.remove(marked)
    cluster.servers.delete(pod.metadata.uid)
    cluster.logs.delete(pod.metadata.uid)
    cluster.logs.delete(previousLog(pod))
    cluster.hearsTermFrom.delete(pod.metadata.uid)
    cluster.backOffs.delete(pod.metadata.uid)
  })
  return marked
}
