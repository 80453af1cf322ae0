/** Any object of the Kubernetes API, as the server returns it. */
export interface ObservedObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid: string
    readonly creationTimestamp: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

/** The kinds whose changes show how a pod starts. */
export type ObservedKind = 'Pod' | 'Event' | 'Node' | 'NodeClaim'

/** One change as the runner received it. */
export interface Observation {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly kind: ObservedKind
  readonly object: ObservedObject
  /** On the runner's clock. */
  readonly receivedAt: Date
}

export interface LogLine {
  /** RFC 3339 with nanoseconds, on the node's clock, as the container runtime stamped it. */
  readonly time: string
  readonly text: string
}

export interface DeploymentState {
  readonly replicas: number
  readonly readyReplicas: number
  /** `app=vllm`: selects the Deployment's pods. */
  readonly podSelector: string
  readonly image: string
  readonly paused: boolean
  readonly annotations: Readonly<Record<string, string>>
  /** Of this state: `annotate` needs it. */
  readonly resourceVersion: string
}

/** Who else sets the replicas of a Deployment. */
export interface Scalers {
  /** `HorizontalPodAutoscaler vllm`. */
  readonly names: readonly string[]
  /** Why some of them could not be looked for. */
  readonly unread: readonly string[]
}

/** A log, or its beginning if it is too large. */
export interface PodLog {
  readonly lines: readonly LogLine[]
  readonly truncated: boolean
}

/** A Deployment whose pods start, and everything around it that shows how. */
export interface Workload {
  /** Undefined if there is no such Deployment. @throws PrebakeError if the cluster cannot be reached */
  deployment(name: string, namespace: string, signal: AbortSignal): Promise<DeploymentState | undefined>
  /** Sets the replicas through the scale subresource. */
  scale(name: string, namespace: string, replicas: number, signal: AbortSignal): Promise<void>
  /**
   * Sets annotations of the Deployment, and removes those that are null.
   * @param resourceVersion the state that this was decided on
   * @returns false when the Deployment has changed since, and nothing was set
   */
  annotate(
    name: string,
    namespace: string,
    change: { readonly annotations: Readonly<Record<string, string | null>>; readonly resourceVersion: string },
    signal: AbortSignal,
  ): Promise<boolean>
  /** The HorizontalPodAutoscalers and KEDA's ScaledObjects whose target is the Deployment. */
  scalers(name: string, namespace: string, signal: AbortSignal): Promise<Scalers>
  /**
   * The existing objects as ADDED, then every change until `signal` aborts (it then ends without an error). Broken watches are resumed.
   * @param query.namespace for Pod and Event; Node and NodeClaim have none.
   */
  watch(
    query: { readonly kind: ObservedKind; readonly namespace?: string; readonly labelSelector?: string },
    signal: AbortSignal,
  ): AsyncIterable<Observation>
  /** The log of the pod's first container so far, with the runtime's timestamps. Empty while there is none. */
  log(pod: string, namespace: string, signal: AbortSignal): Promise<PodLog>
}
