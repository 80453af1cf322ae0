import { isWellKnownLabel } from '@prebake/rollout/observe'

/** The NodePool that a clause of Karpenter's is about, in the forms before and since 1.5; those since then name it only where a limit is reached. */
const poolOf = (clause: string): string | undefined => /nodepool:? "([^"]+)"|\(NodePool=([^,)]+)/.exec(clause)?.slice(1).find(Boolean)
const isLimit = (clause: string) => /exceed limits for nodepool|limits have been exhausted for nodepool/.test(clause)
/** In a label that a NodePool gives its nodes. */
const isOtherLabel = (clause: string) => {
  const key = /incompatible requirements, key ([^\s,]+)/.exec(clause)?.[1]
  return key !== undefined && !isWellKnownLabel(key)
}
const isTaint = (clause: string) => clause.includes('did not tolerate ')

/**
 * The part of a message that is about the NodePools that a pod selects. Karpenter goes through every NodePool of the cluster, its limits first, then taints, then
 * labels (karpenter pkg/controllers/provisioning/scheduling/scheduler.go, nodeclaim.go), and joins what keeps the pod from each by `; `. That another team's
 * NodePool is full, tainted or labelled otherwise keeps no pod from its own.
 * @param selected names of the NodePools whose labels are what the pod selects; none: no NodePool is
 * @returns empty where Karpenter speaks of other NodePools alone, as it does of a pod whose own NodePool is not Ready
 */
export function ownClauses(message: string, selected: readonly string[]): string {
  const isOwn = (clause: string) => selected.includes(poolOf(clause) ?? '')
  const without = (clauses: readonly string[], dropped: (clause: string) => boolean) => {
    const rest = clauses.filter((clause) => !dropped(clause))
    return rest.length > 0 ? rest : clauses
  }
  const clauses = without(message.split('; '), (clause) => isLimit(clause) && !isOwn(clause))
  const own = clauses.filter(isOwn)
  if (own.length > 0) return without(own, isTaint).join('; ')
  // Where a NodePool's labels are what the pod selects, those that are not are another's.
  const nearer = selected.length > 0 ? clauses.filter((clause) => !isOtherLabel(clause)) : clauses
  return without(nearer, isTaint).join('; ')
}
