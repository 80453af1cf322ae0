import type { Cluster } from '../cluster.ts'
import type { NodeClaim, NodePool, Pod } from '../objects.ts'
import { parseDuration } from '../quantity.ts'
import { isTrue } from '../set-condition.ts'
import { terminateNodeClaim } from './terminate-node-claim.ts'

/** Since when each node has been empty, in milliseconds, by NodeClaim uid. */
export type EmptySince = Map<string, number>

/**
 * Ends nodes that have been empty for the NodePool's `consolidateAfter`, drifted ones too. Packing pods closer is not built: with one GPU to a node there
 * is nothing to pack.
 */
export function consolidateNodes(cluster: Cluster, emptySince: EmptySince): void {
  const { store, agenda } = cluster
  const busy = new Set(store.list<Pod>('Pod').map(({ spec }) => spec.nodeName))
  for (const claim of store.list<NodeClaim>('NodeClaim')) {
    const { uid, labels } = claim.metadata
    const pool = store.get<NodePool>('NodePool', labels?.['karpenter.sh/nodepool'] ?? '')
    const idle = isTrue(claim, 'Initialized') && claim.metadata.deletionTimestamp === undefined && !busy.has(claim.status.nodeName)
    const seconds = parseDuration(pool?.spec.disruption?.consolidateAfter ?? 'Never')
    if (!idle || seconds === undefined || forbidsEmpty(pool)) {
      emptySince.delete(uid)
      continue
    }
    const since = emptySince.get(uid) ?? agenda.now()
    emptySince.set(uid, since)
    const left = (since + seconds * 1000 - agenda.now()) / 1000
    // Times have a fraction, which sums do not keep exactly.
    if (left < 0.001) terminateNodeClaim(cluster, claim)
    else agenda.soon(`consolidate ${uid}`, left, () => consolidateNodes(cluster, emptySince))
  }
}

/** A budget of nothing keeps empty nodes too, unless it is only for other reasons. */
const forbidsEmpty = (pool: NodePool | undefined): boolean =>
  pool?.spec.disruption?.budgets?.some(
    ({ nodes, reasons }) => /^0%?$/.test(nodes) && (reasons === undefined || reasons.includes('Empty')),
  ) ?? false
