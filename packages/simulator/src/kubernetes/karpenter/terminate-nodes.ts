import type { Cluster } from '../cluster.ts'
import { deletePod } from '../controllers/delete-pod.ts'
import { delayOf } from '../draws.ts'
import type { NodeClaim, NodePool } from './objects.ts'
import type { Node, Pod } from '../objects.ts'
import { parseDuration } from '../quantity.ts'
import { isTrue } from '../set-condition.ts'
import { toSeconds } from '../stamps.ts'

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

/** Drains a node and ends its instance; Node and NodeClaim go when that is done. Returns the NodeClaim, marked. */
export function terminateNodeClaim(cluster: Cluster, claim: NodeClaim): NodeClaim {
  const { store, agenda } = cluster
  if (claim.metadata.deletionTimestamp !== undefined) return claim
  const now = toSeconds(agenda.now())
  const marked = store.update(claim, (draft) => {
    draft.metadata.deletionTimestamp = now
  })
  const nodeName = claim.status.nodeName ?? ''
  const node = store.get<Node>('Node', nodeName)
  if (node) {
    store.update(node, (draft) => {
      draft.metadata.deletionTimestamp = now
      const others = (draft.spec.taints ?? []).filter(({ key }) => key !== 'karpenter.sh/disrupted')
      draft.spec.taints = [...others, { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }]
    })
    for (const pod of store.list<Pod>('Pod').filter(({ spec }) => spec.nodeName === nodeName)) deletePod(cluster, pod)
  }
  agenda.after(delayOf(cluster, 'instanceTerminate', claim.metadata.name), () => {
    const gone = store.get<Node>('Node', nodeName)
    if (gone) store.remove(gone)
    cluster.machines.delete(nodeName)
    const last = store.get<NodeClaim>('NodeClaim', claim.metadata.name)
    if (last) store.remove(last)
  })
  return marked
}
