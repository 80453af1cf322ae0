import { waitFor } from '@prebake/kernel'
import { nodeClaimKind, ownerLabel, referenceTo, textAt, type KubernetesObject } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { nodePoolLabel } from '../observe/karpenter-names.ts'
import type { RollOutPorts } from '../roll-out-request.ts'

const longestMs = 15 * 60_000

/**
 * Deletes the nodes of a copy that no pod of it runs on, and waits until they have gone and its leaving pods too: what starts next comes on new ones.
 * @param copy the copy's NodePool, and its run
 * @returns how many nodes were deleted
 */
export async function endEmptyNodes(
  { nodePool, owner, namespace }: { readonly nodePool: string; readonly owner: string; readonly namespace: string },
  { cluster, clock, reporter }: Pick<RollOutPorts, 'cluster' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<number> {
  const ended = new Set<string>()
  await waitFor({
    awaited: `the empty nodes of ${nodePool} to go`,
    code: 'copy-nodes-remain' satisfies RolloutErrorCode,
    limitMs: longestMs,
    everyMs: 3000,
    clock,
    signal,
    hint: "See `kubectl get nodeclaims` and Karpenter's log.",
    onState: (state) => reporter.progress(state),
    poll: async () => {
      const [claims, pods] = await Promise.all([
        cluster.list({ ...nodeClaimKind, labelSelector: `${nodePoolLabel}=${nodePool}` }, signal),
        cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `${ownerLabel}=${owner}` }, signal),
      ])
      const busy = new Set(pods.map((pod) => textAt(pod, 'spec.nodeName')))
      const empty = claims.filter((claim) => !busy.has(textAt(claim, 'status.nodeName')))
      for (const claim of empty.filter(isThere)) {
        if (await cluster.remove(referenceTo(claim), signal)) ended.add(claim.metadata.name)
      }
      const leaving = pods.filter((pod) => !isThere(pod)).length
      if (empty.length + leaving === 0) return { value: undefined }
      return { state: `${empty.length} empty nodes and ${leaving} pods are ending` }
    },
  })
  return ended.size
}

const isThere = ({ metadata }: KubernetesObject) => metadata.deletionTimestamp === undefined
