import type { Cluster } from '../cluster.ts'
import { ownerReferenceTo } from '../controllers/sync-replica-sets.ts'
import { fill, messageForms } from '../form.ts'
import { formatTaint, matchesRequirement, nodeRequirements, untolerated } from '../matches-requirement.ts'
import type { Ec2NodeClass, NodeClaim, NodePool } from './objects.ts'
import type { Condition, Pod } from '../objects.ts'
import { insufficient, remaining, requestsOf, type Resources } from '../pod-resources.ts'
import { parseQuantity } from '../quantity.ts'
import { recordEvent, type ApiEvent } from '../record-event.ts'
import { conditionOf, isTrue } from '../set-condition.ts'
import { toSeconds } from '../stamps.ts'
import { driftHashes } from './mark-drifted.ts'
import { candidatesOf, formatResources, type Candidate } from './node-candidates.ts'

/** No DaemonSets run here. */
const overhead = '{"pods":"0"}'

/** Which claim each waiting pod was promised to, by pod uid. */
export type Nominations = Map<string, string>

/** A node for every pod that the scheduler has refused: one that is on its way, or a new NodeClaim. */
export function provisionNodes(cluster: Cluster, nominations: Nominations): void {
  const waiting = cluster.store
    .list<Pod>('Pod')
    .filter((pod) => pod.spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined)
    .filter((pod) => conditionOf(pod, 'PodScheduled')?.reason === 'Unschedulable')
  for (const pod of waiting) {
    const promised = cluster.store.get<NodeClaim>('NodeClaim', nominations.get(pod.metadata.uid) ?? '')
    // The scheduler knows no promise: another pod may have taken the node.
    if (promised && promised.metadata.deletionTimestamp === undefined && hasRoom(cluster, pod, promised, nominations)) continue
    const claim = claimWithRoom(cluster, pod, nominations) ?? createClaim(cluster, pod)
    if (!claim) continue
    nominations.set(pod.metadata.uid, claim.metadata.name)
    const { name } = claim.metadata
    const { nodeName } = claim.status
    const message =
      nodeName === undefined
        ? fill(messageForms.nominatedClaim, { claim: name })
        : fill(messageForms.nominatedNode, { claim: name, node: nodeName })
    recordEvent(cluster, { about: pod, type: 'Normal', reason: 'Nominated', message, component: 'karpenter' })
  }
}

function claimWithRoom(cluster: Cluster, pod: Pod, nominations: Nominations): NodeClaim | undefined {
  return cluster.store
    .list<NodeClaim>('NodeClaim')
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.allocatable !== undefined)
    .find((claim) => hasRoom(cluster, pod, claim, nominations))
}

function hasRoom({ store }: Cluster, pod: Pod, claim: NodeClaim, nominations: Nominations): boolean {
  const { name, labels = {} } = claim.metadata
  const there = store
    .list<Pod>('Pod')
    .filter(
      ({ spec, metadata }) =>
        metadata.uid !== pod.metadata.uid &&
        (spec.nodeName === (claim.status.nodeName ?? '?') || (spec.nodeName === undefined && nominations.get(metadata.uid) === name)),
    )
  const total = resourcesOf(claim.status.allocatable ?? {})
  return (
    !untolerated(pod.spec, claim.spec.taints) &&
    nodeRequirements(pod.spec).every((requirement) => matchesRequirement(labels, requirement)) &&
    insufficient(requestsOf(pod.spec), remaining(total, there)).length === 0
  )
}

const resourcesOf = (quantities: Record<string, string>): Resources => ({
  cpu: parseQuantity(quantities['cpu']),
  memory: parseQuantity(quantities['memory']),
  'nvidia.com/gpu': parseQuantity(quantities['nvidia.com/gpu']),
})

/** A NodeClaim of the first ready NodePool that can serve the pod; where none can, an event says why. */
function createClaim(cluster: Cluster, pod: Pod): NodeClaim | undefined {
  const problems: string[] = []
  for (const pool of cluster.store.list<NodePool>('NodePool').filter((candidate) => isTrue(candidate, 'Ready'))) {
    const found = candidateFor(cluster, pool, pod)
    if (typeof found !== 'string') return launch(cluster, pool, found, pod)
    problems.push(found)
  }
  if (problems.length > 0) {
    const message = fill(messageForms.failedToSchedule, { problem: problems.join('; ') })
    // Recorded once; Karpenter repeats it every five minutes.
    const recorded = cluster.store
      .list<ApiEvent>('Event')
      .some((event) => event.message === message && event.involvedObject.uid === pod.metadata.uid)
    if (!recorded) recordEvent(cluster, { about: pod, type: 'Warning', reason: 'FailedScheduling', message, component: 'karpenter' })
  }
  return undefined
}

/** A NodeClaim of this very NodePool for a pod; undefined where none of its nodes would take it. */
export function launchFor(cluster: Cluster, pool: NodePool, pod: Pod): NodeClaim | undefined {
  const found = isTrue(pool, 'Ready') ? candidateFor(cluster, pool, pod) : ''
  return typeof found === 'string' ? undefined : launch(cluster, pool, found, pod)
}

function candidateFor({ store }: Cluster, pool: NodePool, pod: Pod): Candidate | string {
  const { name } = pool.metadata
  const taint = untolerated(pod.spec, pool.spec.template.spec.taints)
  if (taint) return fill(messageForms.intolerant, { pool: name, overhead, taint: formatTaint(taint) })
  const candidates = candidatesOf(pool)
  const needed = nodeRequirements(pod.spec)
  const unknown = needed.find((requirement) => !candidates.some(({ labels }) => matchesRequirement(labels, requirement)))
  if (unknown) return fill(messageForms.incompatibleLabel, { pool: name, overhead, label: unknown.key })
  const fitting = candidates.filter(
    ({ labels, allocatable }) =>
      needed.every((requirement) => matchesRequirement(labels, requirement)) &&
      insufficient(requestsOf(pod.spec), allocatable).length === 0,
  )
  const [first] = fitting
  if (!first) {
    const resources = JSON.stringify(formatResources(requestsOf(pod.spec)))
    return fill(messageForms.noInstanceType, { pool: name, overhead, resources, requirements: needed.map(({ key }) => key).join(', ') })
  }
  const limit = pool.spec.limits?.['nvidia.com/gpu']
  const used = store.list<NodeClaim>('NodeClaim').filter(({ metadata }) => metadata.labels?.['karpenter.sh/nodepool'] === name).length
  if (limit !== undefined && first.type.gpu && used + 1 > parseQuantity(limit)) return fill(messageForms.limitsExceeded, { pool: name })
  // Two zones, taken in turn.
  return fitting.filter(({ type }) => type === first.type)[used % 2] ?? first
}

function launch(cluster: Cluster, pool: NodePool, { labels, allocatable }: Candidate, pod: Pod): NodeClaim {
  const { template } = pool.spec
  const { nodeClassRef, taints, startupTaints, expireAfter } = template.spec
  const nodeClass = cluster.store.get<Ec2NodeClass>('EC2NodeClass', nodeClassRef.name)
  const lastTransitionTime = toSeconds(cluster.agenda.now())
  const unknown = (name: string): Condition => ({
    type: name,
    status: 'Unknown',
    reason: 'AwaitingReconciliation',
    message: messageForms.awaiting,
    lastTransitionTime,
  })
  return cluster.store.create<NodeClaim>({
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: {
      name: `${pool.metadata.name}-${cluster.draws.suffix(pool.metadata.name)}`,
      labels: {
        ...template.metadata?.labels,
        ...labels,
        'karpenter.sh/nodepool': pool.metadata.name,
        'karpenter.k8s.aws/ec2nodeclass': nodeClassRef.name,
      },
      annotations: { ...template.metadata?.annotations, ...driftHashes(pool, nodeClass) },
      ownerReferences: [ownerReferenceTo(pool)],
    },
    spec: {
      nodeClassRef,
      requirements: template.spec.requirements ?? [],
      resources: { requests: formatResources(requestsOf(pod.spec)) },
      ...(taints && { taints }),
      ...(startupTaints && { startupTaints }),
      ...(expireAfter !== undefined && { expireAfter }),
    },
    status: { conditions: ['Launched', 'Registered', 'Initialized', 'Ready'].map(unknown), allocatable: formatResources(allocatable) },
  })
}
