import { conditionsOf, describeCondition, nodeClaimKind, textAt, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'
import { nodePoolLabel } from './karpenter-names.ts'
import { listReadable, type Readable } from './list-readable.ts'
import { dollarsPerHour } from './node-price.ts'
import { countPhases } from './pod-status.ts'

/** The conditions that a NodeClaim reaches one after the other (karpenter.sh/v1), its phase until each is True, and what to do where it stays so. */
const stages = [
  {
    type: 'Launched',
    phase: 'Launching',
    hint: "Karpenter could not launch an instance. The condition has EC2's words: allow more instance types, zones or capacity types, raise the quota, or give Karpenter the right that is missing.",
  },
  {
    type: 'Registered',
    phase: 'Booting',
    hint: "The instance runs, but has not joined the cluster: check the node role's access entry, subnet and security groups on the way to the API server, and `aws ec2 get-console-output`.",
  },
  {
    type: 'Initialized',
    phase: 'Initializing',
    hint: 'The node has joined, but the resource or taint that the condition names keeps it from being used: for a GPU, check that the AMI is a variant with NVIDIA drivers, and its device plugin.',
  },
] as const

/** The NodeClaims of these NodePools. */
export async function listNodeClaims(
  nodePools: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<Readable> {
  if (nodePools.length === 0) return { items: [] }
  const names = new Set(nodePools.map(({ metadata }) => metadata.name))
  const listed = await listReadable(cluster, nodeClaimKind, signal)
  if ('unreadable' in listed) return listed
  return { items: listed.items.filter(({ metadata }) => names.has(metadata.labels?.[nodePoolLabel] ?? '')) }
}

/** Whether a NodeClaim of this name, which may have been deleted, was made for the NodePool: the API server adds five letters or digits (generateName). */
export const isClaimOf = (nodePool: string, claim: string): boolean =>
  claim.startsWith(`${nodePool}-`) && /^[a-z0-9]{5}$/.test(claim.slice(nodePool.length + 1))

/** `2 Ready, 1 Booting`: how many NodeClaims are in which phase; undefined where there are none or they cannot be read. */
export function describeNodeClaims(claims: Readable): string | undefined {
  return 'items' in claims && claims.items.length > 0 ? countPhases(claims.items.map(phaseOf)) : undefined
}

function phaseOf(claim: KubernetesObject): string {
  if (claim.metadata.deletionTimestamp !== undefined) return 'Terminating'
  const done = new Set(conditionsOf(claim).flatMap(({ type, status }) => (status === 'True' ? [type] : [])))
  return stages.find(({ type }) => !done.has(type))?.phase ?? 'Ready'
}

/** Why a NodeClaim is not a node yet, in Karpenter's words, with the instance that it costs; undefined once it is one. */
export function nodeClaimFailure(claim: KubernetesObject): string | undefined {
  const hanging = hangingAt(claim)
  return hanging === undefined ? undefined : `${titleOf(claim)}${instanceOf(claim)}: ${describeCondition(hanging.condition)}`
}

/**
 * What to do about a workload that failed: what ends the cause, and what ends the cost of an instance that pods cannot use.
 * @param remedy of the cause, where it is known; else it is that of the first NodeClaim that is not a node yet, by the first of its conditions that is not
 *   True: what comes later waits for that one.
 */
export function nodeClaimHint(claims: Readable, remedy?: string): string | undefined {
  const claim = 'items' in claims ? claims.items.find((each) => hangingAt(each) !== undefined) : undefined
  if (claim === undefined) return remedy
  const end = isStuck(claim) ? ` Until then the instance costs money; \`kubectl delete nodeclaim ${claim.metadata.name}\` ends it.` : ''
  return `${remedy ?? hangingAt(claim)?.hint}${end}`
}

/** Whether its instance runs, and is not a node that pods can use. */
export function isStuck(claim: KubernetesObject): boolean {
  const stage = hangingAt(claim)
  return stage !== undefined && stage.type !== 'Launched' && claim.metadata.deletionTimestamp === undefined
}

/** ` (i-0abc…, g6.2xlarge, about $0.98 an hour)`: what is known of it. */
export function instanceOf(claim: KubernetesObject): string {
  const [instanceId] = /i-[0-9a-f]+$/.exec(textAt(claim, 'status.providerID') ?? '') ?? []
  if (instanceId === undefined) return ''
  const type = claim.metadata.labels?.['node.kubernetes.io/instance-type']
  const dollars = type === undefined ? undefined : dollarsPerHour(type)
  const price = dollars === undefined ? undefined : `about $${dollars.toFixed(2)} an hour`
  return ` (${[instanceId, type, price].filter((part) => part !== undefined).join(', ')})`
}

function hangingAt(claim: KubernetesObject) {
  const conditions = conditionsOf(claim)
  for (const stage of stages) {
    const condition = conditions.find(({ type }) => type === stage.type)
    if (condition !== undefined && condition.status !== 'True') return { ...stage, condition }
  }
  return undefined
}
