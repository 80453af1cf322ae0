import { isDeepStrictEqual } from 'node:util'
import type { Problem } from '@prebake/kernel'
import { isNodeClass, isNodePool, nodeClassOf, placeOf, readField, specOf, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import { nodePoolLabel } from '../observe/karpenter-names.ts'
import { listReadable } from '../observe/list-readable.ts'
import { isReady, nodeNameOf } from '../observe/pod-status.ts'
import { sameTemplate } from '../observe/read-back.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { findWorkloadKind } from '../workload/find-workload-kind.ts'
import { isFor } from '../workload/pools-for.ts'
import { strandedHint } from '../workload/stranded-hint.ts'
import type { PlannedApply } from './planned-apply.ts'

/**
 * Fields of an EC2NodeClass of which a change always makes its nodes drift: they are part of Karpenter's hash (karpenter-provider-aws v1.14,
 * pkg/apis/v1/ec2nodeclass.go: what has no `hash:"ignore"`).
 */
const hashed = [
  'blockDeviceMappings',
  'userData',
  'instanceStorePolicy',
  'kubelet',
  'metadataOptions',
  'detailedMonitoring',
  'context',
  'tags',
]

/**
 * Sets that cannot be rolled out, known before anything is applied: their nodes would be made from something else from now on, and no pod template changes,
 * so that nothing moves the pods that serve. Only for pods that are seen on such nodes.
 */
export async function findStranded(
  planned: readonly PlannedApply[],
  { cluster }: Pick<RollOutPorts, 'cluster'>,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const pools = planned.filter((each) => isNodePool(each.manifest.document) && remakesNodes(each, planned))
  const nodePools = pools.map(({ manifest }) => manifest.document)
  const workloads = planned.filter(({ manifest: { document } }) => isFor(findWorkloadKind(document)?.podSpecs(document) ?? [], nodePools))
  if (pools.length === 0 || workloads.length === 0 || workloads.some(moves)) return []
  const nodes = await listReadable(cluster, { apiVersion: 'v1', kind: 'Node', labelSelector: nodePoolLabel }, signal)
  if ('unreadable' in nodes) return []
  const poolOf = (pod: KubernetesObject) =>
    nodes.items.find(({ metadata }) => metadata.name === nodeNameOf(pod))?.metadata.labels?.[nodePoolLabel]
  const problems: Problem[] = []
  for (const { manifest, before } of workloads) {
    const pods = before && (await findWorkloadKind(before)?.podsOf(before, cluster, signal))
    const pool = pools.find(({ manifest: { document } }) =>
      pods?.ours.some((pod) => isReady(pod) && poolOf(pod) === document.metadata.name),
    )
    if (pool === undefined) continue
    const wrong = `${titleOf(manifest.document)} would stay as it is, on nodes that ${titleOf(pool.manifest.document)} made before.`
    problems.push({ code: 'pods-on-old-nodes' satisfies RolloutErrorCode, input: placeOf(manifest), wrong, remedy: strandedHint })
  }
  return problems
}

/** Whether the NodePool's nodes are made from another EC2NodeClass from now on, or from another content of the same. */
function remakesNodes({ manifest, before }: PlannedApply, planned: readonly PlannedApply[]): boolean {
  const name = nodeClassOf(manifest.document)
  if (before === undefined || nodeClassOf(before) !== name) return before !== undefined
  const nodeClass = planned.find(({ manifest: { document } }) => isNodeClass(document) && document.metadata.name === name)
  if (nodeClass?.before === undefined || nodeClass.after === undefined) return false
  const [was, is] = [specOf(nodeClass.before), specOf(nodeClass.after)]
  return hashed.some((field) => !isDeepStrictEqual(was[field], is[field]))
}

/** Whether applying it makes new pods. */
function moves({ before, after, changes }: PlannedApply): boolean {
  if (before === undefined || (changes && after === undefined)) return true
  return changes && after !== undefined && !(readField(after, 'spec.template') !== undefined && sameTemplate(before, after))
}
