import { conditionsOf, type KubernetesObject } from '@prebake/manifests'
import { countPhases } from '../describe-pods.ts'
import { listReadable, type Readable } from '../list-readable.ts'
import type { Cluster } from '../ports/cluster.ts'

/** A NodeClaim goes through these one after the other (karpenter.sh/v1); what it is on its way to when the condition is not True. */
const stages = [
  ['Launched', 'Launching'],
  ['Registered', 'Booting'],
  ['Initialized', 'Initializing'],
] as const

/** `2 Ready, 1 Booting`: the NodeClaims of these NodePools by phase; undefined without NodePools, or where they cannot be read. */
export async function describeNodeClaims(
  nodePools: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (nodePools.length === 0) return undefined
  const claims = await listNodeClaims(nodePools, cluster, signal)
  return 'items' in claims && claims.items.length > 0 ? countPhases(claims.items.map(claimPhase)) : undefined
}

/** The NodeClaims of these NodePools. */
export async function listNodeClaims(
  nodePools: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<Readable> {
  const names = new Set(nodePools.map(({ metadata }) => metadata.name))
  const listed = await listReadable(cluster, { apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim' }, signal)
  if ('unreadable' in listed) return listed
  return { items: listed.items.filter(({ metadata }) => names.has(metadata.labels?.['karpenter.sh/nodepool'] ?? '')) }
}

function claimPhase(claim: KubernetesObject): string {
  if (claim.metadata.deletionTimestamp !== undefined) return 'Terminating'
  const done = new Set(conditionsOf(claim).flatMap(({ type, status }) => (status === 'True' ? [type] : [])))
  return stages.find(([type]) => !done.has(type))?.[1] ?? 'Ready'
}
