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

/**
 * Stores an event as its component writes it. The scheduler uses the newer recorder, whose only stamp is `eventTime` in microseconds; all others the
 * older one, with whole seconds. Both name the event `<object>.<unix nanoseconds in hex>` (client-go tools/record and tools/events).
 */
export function recordEvent({ store, agenda }: Cluster, event: EventToRecord): void {
  const now = agenda.now()
  const { kind, apiVersion, metadata } = event.about
  // Events of objects without a namespace are kept in `default`.
  const namespace = metadata.namespace ?? 'default'
  let nanoseconds = nanosecondsOf(now)
  const nameOf = () => `${metadata.name}.${nanoseconds.toString(16)}`
  while (store.get('Event', nameOf(), namespace)) nanoseconds += 1n
  const newer = event.component === 'default-scheduler'
  store.create<ApiEvent>({
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
}
