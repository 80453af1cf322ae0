import { CancelledError, messageOf } from '@prebake/kernel'
import { isNodePool, nodeClassOf, referenceTo, titleOf } from '@prebake/manifests'
import { instanceOf, isStuck, listNodeClaims } from '../observe/node-claims.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'
import type { RollOutPorts } from '../roll-out-request.ts'

/**
 * After a rollback: deletes the NodeClaims of the NodeClass that is no longer used whose instance runs and never became a node that pods can use. Karpenter
 * ends a node that is empty only once it is initialized, so that they would cost money until someone sees them. A failure is a warning.
 */
export async function endStuckNodes(
  planned: readonly PlannedApply[],
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  const pools = planned.filter(({ manifest: { document }, before }) => isNodePool(document) && before !== undefined)
  const former = new Set(pools.map(({ before }) => before && nodeClassOf(before)))
  const made = pools.flatMap(({ manifest, found }) => [manifest.document, ...(found === undefined ? [] : [found])])
  const unused = new Set(made.map(nodeClassOf).filter((name) => !former.has(name)))
  if (unused.size === 0) return
  const claims = await listNodeClaims(
    pools.map(({ manifest }) => manifest.document),
    cluster,
    signal,
  )
  if ('unreadable' in claims) return reporter.warning(`Nodes that never became usable were not looked for: ${claims.unreadable.reason}`)
  for (const claim of claims.items.filter((each) => isStuck(each) && unused.has(nodeClassOf(each)))) {
    const title = `${titleOf(claim)}${instanceOf(claim)}`
    try {
      if (await cluster.remove(referenceTo(claim), signal)) reporter.info(`${title} deleted: its node never became usable`)
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError) throw error
      const reason = messageOf(error)
      reporter.warning(
        `${title} still runs, and its node never became usable: ${reason}. End it: \`kubectl delete nodeclaim ${claim.metadata.name}\`.`,
      )
    }
  }
}
