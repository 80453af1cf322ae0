import { CancelledError, mapAbreast, PrebakeError } from '@prebake/kernel'
import { isNodeClass, type KubernetesObject, nodeClassOf, referenceTo, titleOf } from '@prebake/manifests'
import type { RollOutPorts } from './roll-out-request.ts'

/** On every version of an EC2NodeClass: the name that its versions share. */
const versionOf = 'prebake.dev/nodeclass-of'
/** Versions that stay beside the one that serves. */
const keptVersions = 3
const removalsAtOnce = 4

/**
 * Deletes the old versions of the NodeClasses, except for the newest ones and those that a NodePool or a NodeClaim refers to. (Karpenter's finalizer would
 * keep the latter until their nodes have gone; then they should still be there for the NodePool.) A rollout that has succeeded does not fail for this.
 */
export async function retireVersions(
  serving: readonly KubernetesObject[],
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  const families = new Set(serving.filter(isNodeClass).flatMap(({ metadata }) => metadata.labels?.[versionOf] ?? []))
  try {
    for (const family of families) {
      const query = { apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', labelSelector: `${versionOf}=${family}` }
      const current = new Set(serving.map(({ metadata }) => metadata.name))
      const old = (await cluster.list(query, signal))
        .filter(({ metadata }) => !current.has(metadata.name) && metadata.deletionTimestamp === undefined)
        .toSorted((a, b) => ageOf(b) - ageOf(a))
        .slice(keptVersions)
      if (old.length === 0) continue
      const users = await Promise.all(
        ['NodePool', 'NodeClaim'].map((kind) => cluster.list({ apiVersion: 'karpenter.sh/v1', kind }, signal)),
      )
      const used = new Set(users.flat().map(nodeClassOf))
      const unused = old.filter(({ metadata }) => !used.has(metadata.name))
      await mapAbreast(unused, removalsAtOnce, async (version) => {
        if (await cluster.remove(referenceTo(version), signal)) reporter.info(`${titleOf(version)} removed: nothing uses it any more`)
      })
    }
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
    reporter.warning(`Old versions of the NodeClass stay: ${error.message}`)
  }
}

/** Later is larger. */
const ageOf = ({ metadata }: KubernetesObject): number => Date.parse(metadata.creationTimestamp ?? '') || 0
