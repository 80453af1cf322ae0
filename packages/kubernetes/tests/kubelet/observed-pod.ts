import type { KubernetesObject } from '@prebake/manifests'
import type { LogLine } from '@prebake/startup'
import type { ClusterConnection } from '../../src/index.ts'

export interface PodEvent {
  readonly metadata: { readonly name: string }
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count?: number
  readonly source: { readonly component?: string; readonly host?: string }
  readonly involvedObject: { readonly fieldPath?: string }
  readonly firstTimestamp: string | null
  readonly lastTimestamp: string | null
  readonly eventTime: string | null
  readonly reportingComponent: string
  readonly reportingInstance: string
}

export interface PodFields {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly deletionTimestamp?: string
    readonly deletionGracePeriodSeconds?: number
  }
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly image: string }[] }
  readonly status: {
    readonly phase: string
    readonly podIP?: string
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason?: string
      readonly message?: string
      readonly lastTransitionTime: string
    }[]
    readonly containerStatuses?: readonly ContainerFields[]
  }
}

export interface ContainerFields {
  readonly name: string
  readonly image: string
  readonly imageID: string
  readonly containerID?: string
  readonly ready: boolean
  readonly started: boolean
  readonly restartCount: number
  readonly state: { readonly waiting?: Waiting; readonly running?: object; readonly terminated?: object }
  readonly lastState: { readonly terminated?: { readonly containerID: string } }
}

interface Waiting {
  readonly reason: string
  readonly message?: string
}

/** What the API has of a pod at one moment. */
export interface ObservedPod {
  readonly pod: PodFields
  readonly container: ContainerFields | undefined
  /** The kubelet's, the oldest first. */
  readonly events: readonly PodEvent[]
  readonly log: readonly LogLine[]
}

const { signal } = new AbortController()

/** The first pod of a Deployment; undefined while there is none. */
export async function observePod(connection: ClusterConnection, labelSelector: string): Promise<ObservedPod | undefined> {
  const { cluster, workload } = connection
  const [found] = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', labelSelector }, signal)
  if (found === undefined) return undefined
  const pod = found as unknown as PodFields
  const all = await cluster.list({ apiVersion: 'v1', kind: 'Event', namespace: 'default' }, signal)
  const isKubelets = (event: KubernetesObject) =>
    (event as { involvedObject?: { uid?: string } }).involvedObject?.uid === pod.metadata.uid &&
    (event as unknown as PodEvent).source.component === 'kubelet'
  const log = await workload.log(pod.metadata.name, 'default', signal)
  // What is said of it belongs to it as it is.
  const [since] = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', labelSelector }, signal)
  if (since?.metadata.resourceVersion !== found.metadata.resourceVersion) return await observePod(connection, labelSelector)
  return {
    pod,
    container: pod.status.containerStatuses?.[0],
    events: (all.filter(isKubelets) as unknown as PodEvent[]).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    log: log.lines,
  }
}
