import type { Cluster } from '../cluster.ts'
import { deletePod } from '../controllers/delete-pod.ts'
import { delayOf } from '../draws.ts'
import type { Node, NodeClaim, Pod } from '../objects.ts'
import { toSeconds } from '../stamps.ts'

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
