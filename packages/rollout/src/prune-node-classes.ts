import { CancelledError, mapConcurrently, PrebakeError } from '@prebake/kernel'
import {
  isNodeClass,
  nodeClaimKind,
  nodeClassKind,
  nodeClassOf,
  nodePoolKind,
  referenceTo,
  titleOf,
  type KubernetesObject,
} from '@prebake/manifests'
import type { RollOutPorts } from './roll-out-request.ts'

/** On every version of an EC2NodeClass: the name that its versions share. */
const versionOf = 'prebake.dev/nodeclass-of'
/** Versions that stay beside the one that serves. */
const keptVersions = 3
const removalsAtOnce = 4

/**
 * Deletes the old versions of the NodeClasses, except for the newest ones and those that a NodePool or a NodeClaim refers to. (Karpenter's finalizer
 * would keep the latter until their nodes are gone; until then the NodePool needs them.) A failure is a warning: the rollout has succeeded.
 */
export async function pruneNodeClasses(
  serving: readonly KubernetesObject[],
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  const families = new Set(serving.filter(isNodeClass).flatMap(({ metadata }) => metadata.labels?.[versionOf] ?? []))
  try {
    for (const family of families) {
      const current = new Set(serving.map(({ metadata }) => metadata.name))
      const old = (await cluster.list({ ...nodeClassKind, labelSelector: `${versionOf}=${family}` }, signal))
        .filter(({ metadata }) => !current.has(metadata.name) && metadata.deletionTimestamp === undefined)
        .toSorted((a, b) => createdAt(b) - createdAt(a))
        .slice(keptVersions)
      if (old.length === 0) continue
      const users = await Promise.all([nodePoolKind, nodeClaimKind].map((kind) => cluster.list(kind, signal)))
      const used = new Set(users.flat().map(nodeClassOf))
      const unused = old.filter(({ metadata }) => !used.has(metadata.name))
      await mapConcurrently(unused, removalsAtOnce, async (version) => {
        if (await cluster.remove(referenceTo(version), signal)) reporter.info(`${titleOf(version)} deleted: no longer in use`)
      })
    }
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
    reporter.warning(`Old versions of the EC2NodeClass were not deleted: ${error.message}`)
  }
}

const createdAt = ({ metadata }: KubernetesObject): number => Date.parse(metadata.creationTimestamp ?? '') || 0
