import { CancelledError, PrebakeError } from '@prebake/kernel'
import { titleOf, type KubernetesObject } from '@prebake/manifests'
import { crashedContainers } from '../observe/pod-status.ts'
import type { Cluster } from '../ports/cluster.ts'

/** Enough for a Python stack trace and what led to it. */
const tailLines = 50

/** The end of the log of the first pod with a container that has crashed: of the run that ended, since the next one may not have logged anything yet. */
export async function crashLogTail(
  pods: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'log'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const pod of pods) {
    const [container] = crashedContainers(pod)
    if (container === undefined) continue
    const title = `${titleOf(pod)}, container ${container}`
    const reference = { name: pod.metadata.name, namespace: pod.metadata.namespace ?? 'default', container }
    try {
      const text =
        (await cluster.log(reference, { previous: true, tailLines }, signal)) ??
        (await cluster.log(reference, { previous: false, tailLines }, signal))
      const lines = (text ?? '').trimEnd().split('\n').slice(-tailLines)
      return text === undefined ? [] : [`${title}, the end of its log:`, ...lines.map((line) => `  ${line}`)]
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
      return [`${title}: its log cannot be read: ${error.message}`]
    }
  }
  return []
}
