import type { Cluster } from '../cluster.ts'

const [initialSeconds, mostSeconds] = [10, 300]

/**
 * Seconds for which the kubelet does not start a container again that has ended now (pkg/kubelet/kuberuntime/kuberuntime_manager.go, doBackOff): for the
 * first end none, then 10, 20, 40 … up to 300. Right after the kubelet itself has killed a container it knows only of the end before, and waits when that one
 * is not as long ago. What lies back for ten minutes is not forgotten here.
 */
export function backOffAfterEnd({ backOffs, agenda }: Cluster, uid: string, isKilled: boolean): number {
  const now = agenda.now()
  const before = backOffs.get(uid)
  const known = isKilled ? before?.endedAt : now
  const { seconds } = before ?? {}
  const waits = seconds !== undefined && known !== undefined && (now - known) / 1000 < seconds
  const next = seconds === undefined ? initialSeconds : Math.min(seconds * 2, mostSeconds)
  backOffs.set(uid, { endedAt: now, ...(known === undefined ? {} : { seconds: next }) })
  return waits ? seconds : 0
}
