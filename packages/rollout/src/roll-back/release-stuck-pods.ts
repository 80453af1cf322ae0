import { CancelledError, PrebakeError } from '@prebake/kernel'
import { referenceTo, textAt, titleOf, type KubernetesObject } from '@prebake/manifests'
import { podPhase } from '../observe/pod-status.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { isMadeFrom } from '../workload/is-made-from.ts'
import { statefulSet } from '../workload/stateful-set.ts'

/**
 * Deletes the pods of another template that are not ready, of StatefulSets that start their pods in order: the controller waits for such a pod to become
 * ready before it replaces it, even by a template that would fix it (Kubernetes documentation, StatefulSets, "Forced rollback"). What serves is not touched.
 * What cannot be done is a warning, since the wait says what it means.
 * @param objects as they were applied.
 */
export async function releaseStuckPods(
  objects: readonly KubernetesObject[],
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  for (const object of objects) {
    if (!statefulSet.is(object) || textAt(object, 'spec.podManagementPolicy') === 'Parallel') continue
    const [template] = statefulSet.podSpecs(object)
    const { pods = [] } = await statefulSet.podsOf(object, cluster, signal)
    const stuck = pods.filter((pod) => !['Ready', 'Terminating'].includes(podPhase(pod)) && template && !isMadeFrom(pod, template))
    for (const pod of stuck) {
      try {
        await cluster.remove(referenceTo(pod), signal)
        reporter.info(`${titleOf(pod)} deleted: it is of another version and not ready, and ${titleOf(object)} would wait for it`)
      } catch (error) {
        if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
        const fix = `\`kubectl delete pod ${pod.metadata.name} -n ${pod.metadata.namespace ?? 'default'}\``
        reporter.warning(`${titleOf(object)} waits for ${titleOf(pod)} of another version, which is not ready: ${fix}. (${error.message})`)
      }
    }
  }
}
