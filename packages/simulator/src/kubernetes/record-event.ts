import type { Cluster } from './cluster.ts'
import type { KubeObject } from './objects.ts'
import { nanosecondsOf, toMicros, toSeconds } from './stamps.ts'

export interface ApiEvent extends KubeObject {
  involvedObject: {
    kind: string
    namespace?: string
    name: string
    uid: string
    apiVersion: string
    resourceVersion: string
    fieldPath?: string
  }
  reason: string
  message: string
  type: 'Normal' | 'Warning'
  source: { component?: string; host?: string }
  firstTimestamp: string | null
  lastTimestamp: string | null
  count?: number
  eventTime: string | null
  action?: string
  reportingComponent: string
  reportingInstance: string
}

export interface EventToRecord {
  readonly about: KubeObject
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  readonly component: 'kubelet' | 'karpenter' | 'default-scheduler' | 'deployment-controller' | 'replicaset-controller'
  /** The kubelet's node. */
  readonly host?: string
  /** `spec.containers{vllm}`. */
  readonly fieldPath?: string
}

/** client-go tools/record/events_cache.go, defaultSpamBurst: of more, a recorder says nothing. */
const mostOfOne = 25

/**
 * Stores an event as its component writes it. The scheduler uses the newer recorder, whose only stamp is `eventTime` in microseconds; all others the
 * older one, with whole seconds, and counts what is said again. Both name the event `<object>.<unix nanoseconds in hex>` (client-go tools/record and tools/events).
 */
export function recordEvent(cluster: Cluster, event: EventToRecord): void {
  const { store, agenda } = cluster
  const now = agenda.now()
  const said = event.component === 'default-scheduler' ? undefined : saidBefore(cluster, event)
  if (said !== undefined) {
    const { count = 1 } = said
    if (count < mostOfOne)
      store.update(said, (draft) => {
        draft.count = count + 1
        draft.lastTimestamp = toSeconds(now)
      })
    return
  }
  const { kind, apiVersion, metadata } = event.about
  // Events of objects without a namespace are kept in `default`.
  const namespace = metadata.namespace ?? 'default'
  let nanoseconds = nanosecondsOf(now)
  const nameOf = () => `${metadata.name}.${nanoseconds.toString(16)}`
  while (store.get('Event', nameOf(), namespace)) nanoseconds += 1n
  const newer = event.component === 'default-scheduler'
  const recorded = store.create<ApiEvent>({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: nameOf(), namespace },
    involvedObject: {
      kind,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      name: metadata.name,
      uid: metadata.uid,
      apiVersion,
      resourceVersion: metadata.resourceVersion,
      ...(event.fieldPath !== undefined && { fieldPath: event.fieldPath }),
    },
    reason: event.reason,
    message: event.message,
    type: event.type,
    source: newer ? {} : { component: event.component, ...(event.host !== undefined && { host: event.host }) },
    firstTimestamp: newer ? null : toSeconds(now),
    lastTimestamp: newer ? null : toSeconds(now),
    ...(newer ? { action: event.reason === 'Scheduled' ? 'Binding' : 'Scheduling' } : { count: 1 }),
    eventTime: newer ? toMicros(now) : null,
    reportingComponent: event.component,
    reportingInstance: newer ? `${event.component}-ip-10-0-0-1` : (event.host ?? ''),
  })
  if (!newer) recordedOf(cluster).set(keyOf(event), recorded.metadata)
}

/** Names of what was recorded, by what it says: a recorder's own memory. */
const memory = new WeakMap<Cluster, Map<string, { readonly name: string; readonly namespace?: string }>>()

function recordedOf(cluster: Cluster): Map<string, { readonly name: string; readonly namespace?: string }> {
  const known = memory.get(cluster) ?? new Map<string, { readonly name: string; readonly namespace?: string }>()
  memory.set(cluster, known)
  return known
}

const keyOf = ({ about, type, reason, message, component, fieldPath }: EventToRecord): string =>
  JSON.stringify([about.metadata.uid, type, reason, message, component, fieldPath])

function saidBefore(cluster: Cluster, event: EventToRecord): ApiEvent | undefined {
  const known = recordedOf(cluster).get(keyOf(event))
  return known && cluster.store.get<ApiEvent>('Event', known.name, known.namespace)
}
