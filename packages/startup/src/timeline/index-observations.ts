import type { Observation } from '../ports/workload.ts'
import { eventMessage, involved } from './event-stamp.ts'
import { histories, type EventObject, type History, type NodeClaimObject, type NodeObject } from './observed-objects.ts'

/** What was observed, by what it is looked up by: with thousands of pods, none may be compared with all. */
export interface ObservationIndex {
  readonly events: {
    /** Of the pod with this UID. */
    readonly ofPod: ReadonlyMap<string, readonly EventObject[]>
    /** The controller's, by the name of the pod that it created. */
    readonly creations: ReadonlyMap<string, EventObject>
  }
  readonly nodes: NodeIndex
}

export interface NodeIndex {
  readonly byName: ReadonlyMap<string, History<NodeObject>>
  readonly claimsByName: ReadonlyMap<string, History<NodeClaimObject>>
  /** By the name of the node that they became. */
  readonly claimsByNode: ReadonlyMap<string, History<NodeClaimObject>>
}

export function indexObservations(observations: readonly Observation[]): ObservationIndex {
  const events = histories(observations, 'Event').map(({ latest }) => latest)
  const claims = histories(observations, 'NodeClaim')
  return {
    events: { ofPod: Map.groupBy(events, (event) => involved(event).uid ?? ''), creations: firstBy(events, createdPod) },
    nodes: {
      byName: firstBy(histories(observations, 'Node'), ({ latest }) => latest.metadata.name),
      claimsByName: firstBy(claims, ({ latest }) => latest.metadata.name),
      claimsByNode: firstBy(claims, ({ latest }) => latest.status?.nodeName),
    },
  }
}

/** `Created pod: vllm-7d9f-abcde`, on the ReplicaSet. */
function createdPod(event: EventObject): string | undefined {
  return event.reason === 'SuccessfulCreate' ? eventMessage(event).split(' ').at(-1) : undefined
}

/** Of several with one key, the first. */
function firstBy<T>(values: readonly T[], keyOf: (value: T) => string | undefined): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const value of values) {
    const key = keyOf(value)
    if (key !== undefined && !found.has(key)) found.set(key, value)
  }
  return found
}
