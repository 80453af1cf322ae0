import { conditionsOf, describeCondition, nodeClaimKind, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'
import { listReadable, type Readable } from './list-readable.ts'
import { countPhases } from './pod-status.ts'

/** The conditions that a NodeClaim reaches one after the other (karpenter.sh/v1), and its phase until each is True. */
const stages = [
  ['Launched', 'Launching'],
  ['Registered', 'Booting'],
  ['Initialized', 'Initializing'],
] as const

/** The NodeClaims of these NodePools. */
export async function listNodeClaims(
  nodePools: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<Readable> {
  if (nodePools.length === 0) return { items: [] }
  const names = new Set(nodePools.map(({ metadata }) => metadata.name))
  const listed = await listReadable(cluster, nodeClaimKind, signal)
  if ('unreadable' in listed) return listed
  return { items: listed.items.filter(({ metadata }) => names.has(metadata.labels?.['karpenter.sh/nodepool'] ?? '')) }
}

/** `2 Ready, 1 Booting`: how many NodeClaims are in which phase; undefined where there are none or they cannot be read. */
export function describeNodeClaims(claims: Readable): string | undefined {
  return 'items' in claims && claims.items.length > 0 ? countPhases(claims.items.map(phaseOf)) : undefined
}

function phaseOf(claim: KubernetesObject): string {
  if (claim.metadata.deletionTimestamp !== undefined) return 'Terminating'
  const done = new Set(conditionsOf(claim).flatMap(({ type, status }) => (status === 'True' ? [type] : [])))
  return stages.find(([type]) => !done.has(type))?.[1] ?? 'Ready'
}

/** Why a NodeClaim is not a node yet, in Karpenter's words; undefined once it is one. */
export function nodeClaimFailure(claim: KubernetesObject): string | undefined {
  const conditions = conditionsOf(claim)
  const hanging = stages
    .map(([stage]) => conditions.find(({ type }) => type === stage))
    .find((condition) => condition !== undefined && condition.status !== 'True')
  return hanging === undefined ? undefined : `${titleOf(claim)}: ${describeCondition(hanging)}`
}
