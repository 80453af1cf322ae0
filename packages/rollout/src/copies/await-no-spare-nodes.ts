import { waitFor } from '@prebake/kernel'
import { nodeClaimKind, textAt } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { nodePoolLabel } from '../observe/karpenter-names.ts'
import type { RollOutPorts } from '../roll-out-request.ts'

export interface SpareNodesRequest {
  readonly namespace: string
  /** Selects the pods whose NodePools are looked at. */
  readonly podSelector: string
  readonly timeoutMs: number
}

/**
 * Waits until every node of the NodePools that the pods run on has one of these pods, so that more of them need new nodes. It ends no node: they are not ours.
 * @returns the names of the NodePools
 * @throws TimeoutError where Karpenter keeps nodes without such a pod
 */
export async function awaitNoSpareNodes(
  { namespace, podSelector: labelSelector, timeoutMs }: SpareNodesRequest,
  { cluster, clock, reporter }: Pick<RollOutPorts, 'cluster' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return waitFor({
    awaited: 'Karpenter to end the nodes that new pods could come on',
    code: 'spare-nodes-remain' satisfies RolloutErrorCode,
    limitMs: timeoutMs,
    everyMs: 5000,
    clock,
    signal,
    hint: 'Other pods may keep them, or the NodePool keeps empty nodes. Measure an isolated copy (`candidate: isolated`), or warm (`cold: false`).',
    onState: (state) => reporter.progress(state),
    poll: async () => {
      const [claims, pods] = await Promise.all([
        cluster.list(nodeClaimKind, signal),
        cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector }, signal),
      ])
      const busy = new Set(pods.map((pod) => textAt(pod, 'spec.nodeName')))
      const poolOf = (claim: (typeof claims)[number]) => claim.metadata.labels?.[nodePoolLabel] ?? ''
      const isBusy = (claim: (typeof claims)[number]) => busy.has(textAt(claim, 'status.nodeName'))
      const pools = new Set(claims.filter(isBusy).map(poolOf))
      const spare = claims.filter((claim) => pools.has(poolOf(claim)) && !isBusy(claim))
      if (spare.length === 0) return { value: [...pools].toSorted() }
      return { state: `${spare.length} nodes without such a pod: ${spare.map(({ metadata }) => metadata.name).join(', ')}` }
    },
  })
}
