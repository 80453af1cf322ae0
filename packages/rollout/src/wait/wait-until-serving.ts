import { isNodeClass, isNodePool, type KubernetesObject } from '@prebake/manifests'
import type { RollOutPorts, Served } from '../roll-out-request.ts'
import { WorkloadFailure } from '../rollout-errors.ts'
import { findWorkloadKind } from '../workload/find-workload-kind.ts'
import { findUnproven } from './find-unproven.ts'
import { waitForReady } from './wait-for-ready.ts'
import { waitForWorkload } from './wait-for-workload.ts'

/**
 * Waits until these objects are what serves: NodeClasses and NodePools are Ready, and of each workload every pod is of this template, ready, available,
 * and on a node that was made from them.
 * @param objects as the server returned them right after they were applied.
 * @param nodeClasses those that the nodes are made from, where they were waited for before and are not among the objects.
 * @throws TimeoutError, WorkloadFailure when it has failed for good, SupersededError when another client has changed one of them.
 */
export async function waitUntilServing(
  objects: readonly KubernetesObject[],
  remainingMs: () => number,
  ports: RollOutPorts,
  signal: AbortSignal,
  nodeClasses: readonly KubernetesObject[] = objects.filter(isNodeClass),
): Promise<Served> {
  const nodes = { nodePools: objects.filter(isNodePool), nodeClasses }
  for (const object of [...objects.filter(isNodeClass), ...nodes.nodePools]) await waitForReady(object, remainingMs(), ports, signal)
  let revision: string | undefined
  const unproven: string[] = []
  const stranded: WorkloadFailure[] = []
  let isProven = false
  for (const object of objects) {
    const kind = findWorkloadKind(object)
    if (kind === undefined) continue
    try {
      const served = await waitForWorkload(object, kind, { limitMs: remainingMs(), nodes }, ports, signal)
      revision = served.object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? revision
      isProven ||= served.onNodes && served.unproven === undefined
      if (served.unproven !== undefined) unproven.push(served.unproven)
    } catch (error) {
      if (!(error instanceof WorkloadFailure && error.errorCode === 'pods-on-old-nodes')) throw error
      stranded.push(error)
    }
  }
  // A second server that does not follow the switch keeps serving where it is. Where none follows it, nothing was rolled out.
  if (stranded[0] !== undefined && !isProven) throw stranded[0]
  unproven.push(
    ...stranded.map(({ message }) => `${message.split('\n')[0]?.replace(/\.$/, '')}; Karpenter replaces its node by its own budgets`),
  )
  unproven.push(...(await findUnproven(objects, nodes, ports, signal)))
  for (const line of unproven) ports.reporter.warning(`Not proven: ${line}.`)
  return { unproven, ...(revision !== undefined && { revision }) }
}
