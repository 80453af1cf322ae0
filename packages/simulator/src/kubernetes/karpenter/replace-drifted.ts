import type { Cluster } from '../cluster.ts'
import type { NodeClaim, NodePool } from './objects.ts'
import type { Node, Pod } from '../objects.ts'
import { isTrue } from '../set-condition.ts'
import { markDrifted } from './mark-drifted.ts'
import { launchFor } from './provision-nodes.ts'
import { terminateNodeClaim } from './terminate-nodes.ts'

/** The NodeClaim that comes in place of one that has drifted, by the old one's uid. */
export type Replacements = Map<string, string>

const disrupted = { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }

/**
 * Replaces nodes that have drifted, as the NodePool's budgets allow (karpenter pkg/controllers/disruption/drift.go): an empty one goes at once; for one with
 * pods a node is launched first, and only when that is initialized is the old one drained. Pods that no node of the NodePool would take keep their node.
 */
export function replaceDrifted(cluster: Cluster, replacements: Replacements): void {
  const { store } = cluster
  markDrifted(cluster)
  finishReplacements(cluster, replacements)
  const pods = store.list<Pod>('Pod').filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const podsOn = ({ status }: NodeClaim) => pods.filter(({ spec }) => spec.nodeName !== undefined && spec.nodeName === status.nodeName)
  for (const pool of store.list<NodePool>('NodePool')) {
    const claims = store
      .list<NodeClaim>('NodeClaim')
      .filter(({ metadata }) => metadata.labels?.['karpenter.sh/nodepool'] === pool.metadata.name)
    const going = claims.filter(({ metadata }) => metadata.deletionTimestamp !== undefined || replacements.has(metadata.uid)).length
    let allowed = allowedDisruptions(pool, claims.length) - going
    const drifted = claims
      .filter((claim) => isTrue(claim, 'Drifted') && isTrue(claim, 'Initialized'))
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined && !replacements.has(metadata.uid))
      .toSorted((a, b) => podsOn(a).length - podsOn(b).length)
    for (const claim of drifted) {
      if (allowed <= 0) break
      const [pod] = podsOn(claim)
      const replacement = pod && launchFor(cluster, pool, pod)
      if (pod && !replacement) continue
      allowed -= 1
      if (!replacement) terminateNodeClaim(cluster, claim)
      else {
        replacements.set(claim.metadata.uid, replacement.metadata.name)
        setTaint(cluster, claim, true)
      }
    }
  }
}

function finishReplacements(cluster: Cluster, replacements: Replacements): void {
  const { store } = cluster
  for (const claim of store.list<NodeClaim>('NodeClaim')) {
    const name = replacements.get(claim.metadata.uid)
    if (name === undefined) continue
    const replacement = store.get<NodeClaim>('NodeClaim', name)
    if (replacement && !isTrue(replacement, 'Initialized')) continue
    replacements.delete(claim.metadata.uid)
    if (replacement) terminateNodeClaim(cluster, claim)
    else setTaint(cluster, claim, false)
  }
}

function setTaint({ store }: Cluster, { status }: NodeClaim, tainted: boolean): void {
  const node = store.get<Node>('Node', status.nodeName ?? '')
  if (!node) return
  store.update(node, (draft) => {
    const others = (draft.spec.taints ?? []).filter(({ key }) => key !== disrupted.key)
    draft.spec.taints = tainted ? [...others, disrupted] : others
  })
}

/** The smallest of the budgets for drift; percentages of all nodes are rounded up. Schedules are left out. */
function allowedDisruptions({ spec }: NodePool, nodes: number): number {
  const budgets = (spec.disruption?.budgets ?? []).filter(({ reasons }) => reasons === undefined || reasons.includes('Drifted'))
  return Math.min(
    ...budgets.map(({ nodes: given }) => (given.endsWith('%') ? Math.ceil((Number.parseFloat(given) / 100) * nodes) : Number(given))),
    Number.MAX_SAFE_INTEGER,
  )
}
