import { conditionsOf, textAt, type KubernetesObject } from '@prebake/manifests'
import { nodeClassHash, nodePoolHash } from './karpenter-names.ts'

/** An object that nodes are made from, as the server returned it right after it was applied, and as it is now. */
export interface NodeSource {
  readonly applied: KubernetesObject
  readonly live: KubernetesObject
}

/** Reasons of the condition Drifted that say: made from another content of NodeClass or NodePool. Others come from outside, such as a new AMI. */
const ownDrift = ['NodeClassDrift', 'NodePoolDrifted', 'RequirementsDrifted']
const hashes = [nodeClassHash, nodePoolHash]

/** Why a node is not of the present content of its NodeClass and NodePool; undefined: nothing says so. */
export function staleness(claim: KubernetesObject, sources: readonly NodeSource[]): string | undefined {
  const drifted = conditionsOf(claim).find(({ type, status }) => type === 'Drifted' && status === 'True')
  const changed = sources.find(({ live }) => hashes.some((key) => differs(claim, live, key)))
  if (changed !== undefined) return `made from another content of ${changed.live.kind} ${changed.live.metadata.name}`
  // What this run has just changed may make Karpenter resolve another AMI or other subnets: that is of our making too.
  const ours = drifted !== undefined && (ownDrift.includes(drifted.reason ?? '') || sources.some(isFresh))
  return ours ? `Drifted (${drifted.reason ?? ''})` : undefined
}

/** Karpenter compares hashes only of one version of its hash. */
function differs(claim: KubernetesObject, live: KubernetesObject, key: string): boolean {
  const [made, now] = [claim, live].map(({ metadata }) => [metadata.annotations?.[key], metadata.annotations?.[`${key}-version`]])
  return made?.[0] !== undefined && now?.[0] !== undefined && made[1] === now[1] && made[0] !== now[0]
}

/** Whether Karpenter had not seen the object as it was applied: it was changed a moment before. */
function isFresh({ applied }: NodeSource): boolean {
  const { generation = 1 } = applied.metadata
  return generation > 1 && !conditionsOf(applied).some(({ observedGeneration }) => (observedGeneration ?? 0) >= generation)
}

/** The first source that was changed under its name, and of which Karpenter has not shown yet whether its nodes drift by that. */
export function unsettledSource(sources: readonly NodeSource[]): NodeSource | undefined {
  return sources.find(
    (source) =>
      isFresh(source) && hashes.every((key) => source.applied.metadata.annotations?.[key] === source.live.metadata.annotations?.[key]),
  )
}

/** The NodeClaim of a node. */
export function claimOf(node: string, claims: readonly KubernetesObject[]): KubernetesObject | undefined {
  return claims.find((claim) => textAt(claim, 'status.nodeName') === node)
}
