import { timestampMs } from '../timestamp.ts'
import { oneClock, type ClockOffsets } from './clock-offsets.ts'
import { conditionStamp } from './condition-stamp.ts'
import { eventMessage, eventStamp } from './event-stamp.ts'
import type { NodeIndex } from './index-observations.ts'
import { secondStamp, shiftStamp, type Mark, type MarkId, type Stamp } from './mark.ts'
import { trueCondition, type EventObject, type History, type NodeClaimObject, type NodeObject } from './observed-objects.ts'

export interface NodeMarks {
  readonly newNode: boolean
  readonly instanceType: string | undefined
  readonly place: NodePlace
  readonly marks: readonly Mark[]
}

/** Where the node runs, and on which terms; each left out where no label tells. */
export interface NodePlace {
  readonly zone?: string
  /** `spot`, `on-demand`, `reserved`. */
  readonly capacityType?: string
}

const gpu = 'nvidia.com/gpu'
/** How late a watch may bring the news that a GPU is there. */
const receiptLagMs = 1000

/**
 * How the pod's node came into being: the claim that names the node or, as long as the pod has none, the one that Karpenter nominated.
 * Without marks where the node was there before the scale request.
 */
export function nodeMarks(
  nodeName: string | undefined,
  podEvents: readonly EventObject[],
  nodes: NodeIndex,
  scaledAtMs: number,
  offsets: ClockOffsets = oneClock,
): NodeMarks {
  const nominations = podEvents.filter(({ reason }) => reason === 'Nominated')
  const nominated = nominations.map(nominatedClaim).at(-1)
  const claim = nodeName === undefined ? nodes.claimsByName.get(nominated ?? '') : nodes.claimsByNode.get(nodeName)
  const name = nodeName ?? claim?.latest.status?.nodeName
  const node = nodes.byName.get(name ?? '')
  const controlPlaneMs = offsets.of('control plane', name)
  const createdMs = timestampMs((claim ?? node)?.latest.metadata.creationTimestamp ?? '') + controlPlaneMs
  const labels = (node ?? claim)?.latest.metadata.labels
  const instanceType = labels?.['node.kubernetes.io/instance-type']
  const place = placeOf(labels)
  // The stamp lacks its fraction.
  if (!(createdMs + 1000 > scaledAtMs)) return { newNode: false, instanceType, place, marks: [] }

  const decision = claim && nominations.find((event) => nominatedClaim(event) === claim.latest.metadata.name)
  const ready = node && conditionStamp(node, 'Ready', 'node', offsets.of('node', name))
  const shifted = (stamp: Stamp | undefined) => stamp && shiftStamp(stamp, controlPlaneMs)
  const stamps: readonly (readonly [MarkId, Stamp | undefined])[] = [
    ['nominated', shifted((decision && eventStamp(decision, 'control plane')) ?? (claim && created(claim, 'NodeClaim')))],
    ['launched', claim && conditionStamp(claim, 'Launched', 'control plane', controlPlaneMs)],
    [
      'registered',
      (claim && conditionStamp(claim, 'Registered', 'control plane', controlPlaneMs)) ?? shifted(node && created(node, 'Node')),
    ],
    ['node.ready', ready],
    ['gpu.allocatable', gpuStamp(node, ready) ?? (claim && conditionStamp(claim, 'Initialized', 'control plane', controlPlaneMs))],
  ]
  return { newNode: true, instanceType, place, marks: stamps.flatMap(([id, stamp]) => (stamp === undefined ? [] : [{ id, ...stamp }])) }
}

function placeOf(labels: Readonly<Record<string, string>> | undefined): NodePlace {
  const zone = labels?.['topology.kubernetes.io/zone']
  const capacityType = labels?.['karpenter.sh/capacity-type']
  return { ...(zone !== undefined && { zone }), ...(capacityType !== undefined && { capacityType }) }
}

/** `Pod should schedule on: nodeclaim/<name>[, node/<name>]` (Karpenter, scheduling/events.go). */
function nominatedClaim(event: EventObject): string | undefined {
  return /nodeclaim\/([\w.-]+)/.exec(eventMessage(event))?.[1]
}

function created({ latest }: History<NodeClaimObject> | History<NodeObject>, kind: string): Stamp {
  return secondStamp(timestampMs(latest.metadata.creationTimestamp), 'control plane', `${kind} created`)
}

/** The first sight of a GPU; where it was there before the node was Ready, it caused no wait. */
function gpuStamp(node: History<NodeObject> | undefined, ready: Stamp | undefined): Stamp | undefined {
  const seen = node?.states.find(({ object }) => Number(object.status?.allocatable?.[gpu] ?? 0) > 0)
  if (seen === undefined) return undefined
  if (ready !== undefined && trueCondition(seen.object.status?.conditions, 'Ready') === undefined)
    return { ...ready, source: 'GPU there before condition Ready' }
  const atMs = seen.receivedAt.getTime()
  const sameNews = node?.states.find(({ object }) => trueCondition(object.status?.conditions, 'Ready') !== undefined) === seen
  if (sameNews && ready !== undefined) return { ...ready, source: 'GPU there with condition Ready' }
  return { atMs, earliestMs: atMs - receiptLagMs, latestMs: atMs, clock: 'runner', source: 'Node allocatable, by its receipt' }
}
