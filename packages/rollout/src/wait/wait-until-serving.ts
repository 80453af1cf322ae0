import { isDeployment, isNodeClass, isNodePool, type KubernetesObject } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'
import { waitForDeployment } from './wait-for-deployment.ts'
import { waitForReady } from './wait-for-ready.ts'

/**
 * Waits until these objects are what serves: NodeClasses and NodePools are Ready, and of each Deployment every pod is of this template, ready,
 * available, and on a node of the NodeClass that the NodePool refers to.
 * @param objects as the server returned them right after they were applied.
 * @returns the revision of the last Deployment, if there is one.
 * @throws TimeoutError, PrebakeError when it has failed for good, SupersededError when another client has changed one of them.
 */
export async function waitUntilServing(
  objects: readonly KubernetesObject[],
  remainingMs: () => number,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const nodePools = objects.filter(isNodePool)
  for (const object of [...objects.filter(isNodeClass), ...nodePools]) await waitForReady(object, remainingMs(), ports, signal)
  let revision: string | undefined
  for (const object of objects.filter(isDeployment)) {
    revision = await waitForDeployment(object, { limitMs: remainingMs(), nodePools }, ports, signal)
  }
  return revision
}
