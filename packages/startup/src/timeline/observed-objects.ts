import type { Observation, ObservedKind, ObservedObject } from '../ports/workload.ts'

/** What is read of the objects; every field may be missing. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly lastTransitionTime?: string
}

export interface ContainerStatus {
  readonly name: string
  readonly restartCount?: number
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly running?: { readonly startedAt?: string }
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number }
  }
}

interface Container {
  readonly name: string
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>
    readonly requests?: Readonly<Record<string, string>>
  }
}

export interface PodObject extends ObservedObject {
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly Container[]; readonly initContainers?: readonly Container[] }
  readonly status?: {
    readonly startTime?: string
    readonly conditions?: readonly Condition[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

interface InvolvedObject {
  readonly kind?: string
  readonly name?: string
  readonly uid?: string
  readonly fieldPath?: string
}

/** Both forms: `v1`, and `events.k8s.io/v1` with its other names. */
export interface EventObject extends ObservedObject {
  readonly involvedObject?: InvolvedObject
  readonly regarding?: InvolvedObject
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly note?: string
  readonly eventTime?: string | null
  readonly firstTimestamp?: string | null
  readonly deprecatedFirstTimestamp?: string | null
  readonly source?: { readonly component?: string; readonly host?: string }
  readonly reportingComponent?: string
  readonly reportingInstance?: string
}

export interface NodeObject extends ObservedObject {
  readonly status?: { readonly conditions?: readonly Condition[]; readonly allocatable?: Readonly<Record<string, string>> }
}

export interface NodeClaimObject extends ObservedObject {
  readonly status?: { readonly nodeName?: string; readonly conditions?: readonly Condition[] }
}

interface Kinds {
  readonly Pod: PodObject
  readonly Event: EventObject
  readonly Node: NodeObject
  readonly NodeClaim: NodeClaimObject
}

/** One object as it was seen over time. */
export interface History<T> {
  readonly latest: T
  readonly deleted: boolean
  readonly states: readonly { readonly object: T; readonly receivedAt: Date }[]
}

/** Gathers the observations of one kind by object, in the order in which the objects were first seen. */
export function histories<K extends ObservedKind>(observations: readonly Observation[], kind: K): readonly History<Kinds[K]>[] {
  const byUid = Map.groupBy(
    observations.filter((each) => each.kind === kind),
    ({ object }) => object.metadata.uid,
  )
  return [...byUid.values()].flatMap((seen): History<Kinds[K]>[] => {
    const states = seen as readonly (Observation & { readonly object: Kinds[K] })[]
    const last = states.at(-1)
    return last === undefined ? [] : [{ latest: last.object, deleted: last.type === 'DELETED', states }]
  })
}

/** The condition, where it is True. */
export function trueCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type && condition.status === 'True')
}
