import { isDeployment, isNodeClass, isNodePool, type KubernetesObject } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'
import { awaitDeployment } from './await-deployment.ts'
import { awaitReady } from './await-ready.ts'

/**
 * Waits until these objects are what serves: NodeClasses and NodePools are Ready, and of each Deployment every pod is of this template, ready, available, and
 * on a node of the NodeClass that the NodePool names.
 * @param objects as the server had them right after they were applied.
 * @returns the revision of the last Deployment, if there is one.
 * @throws TimeoutError, PrebakeError when it has failed for good, SupersededError when somebody else has changed one of them.
 */
export async function prove(
  objects: readonly KubernetesObject[],
  remainingMs: () => number,
  ports: RollOutPorts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const nodePools = objects.filter(isNodePool)
  for (const object of [...objects.filter(isNodeClass), ...nodePools]) await awaitReady(object, remainingMs(), ports, signal)
  let revision: string | undefined
  for (const object of objects.filter(isDeployment)) {
    revision = await awaitDeployment(object, { limitMs: remainingMs(), nodePools }, ports, signal)
  }
  return revision
}
