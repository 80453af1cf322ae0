/** Where the next NodePool begins in what Karpenter says of a pod that it finds no node for (scheduler.go joins them by `; `). */
const betweenPools = /; (?=incompatible with nodepool |all available instance types )/
const poolOf = (clause: string): string | undefined => /nodepool:? "([^"]+)"/.exec(clause)?.[1]

/**
 * The part of a message that is about these NodePools. Karpenter goes through every NodePool of the cluster; that the nodes of another team have a taint keeps
 * no pod from its own.
 * @returns the whole message where it names none of them, without the taints of NodePools beside others that fail for another reason
 */
export function ownClauses(message: string, nodePools: readonly string[]): string {
  const clauses = message.split(betweenPools)
  const own = clauses.filter((clause) => nodePools.includes(poolOf(clause) ?? ''))
  const considered = own.length > 0 ? own : clauses
  const others = considered.filter((clause) => !clause.includes('did not tolerate '))
  return (others.length > 0 ? others : considered).join('; ')
}
