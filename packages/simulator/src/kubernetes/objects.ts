export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface Metadata {
  name: string
  namespace?: string
  uid: string
  resourceVersion: string
  creationTimestamp: string
  generation?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  managedFields?: object[]
}

/** Any object of the API. What is stored is never changed in place; `Store.update` replaces it. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: Metadata
}

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime?: string
  lastUpdateTime?: string
  observedGeneration?: number
}

export interface Taint {
  key: string
  value?: string
  effect: string
}

export interface Requirement {
  key: string
  operator: string
  values?: string[]
}

export interface Probe {
  initialDelaySeconds?: number
  periodSeconds?: number
  failureThreshold?: number
  httpGet?: { path?: string; port: number | string }
}

export interface Container {
  name: string
  image: string
  command?: string[]
  args?: string[]
  env?: { name: string; value?: string }[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[]
  ports?: { name?: string; containerPort: number }[]
  startupProbe?: Probe
  readinessProbe?: Probe
  livenessProbe?: Probe
}

export interface PodSpec {
  nodeName?: string
  terminationGracePeriodSeconds?: number
  nodeSelector?: Record<string, string>
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[]
  affinity?: {
    nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: { matchExpressions?: Requirement[] }[] } }
  }
  containers: Container[]
  volumes?: { name: string; hostPath?: { path: string; type?: string }; persistentVolumeClaim?: { claimName: string } }[]
}

export interface ContainerStatus {
  name: string
  image: string
  imageID: string
  containerID?: string
  ready: boolean
  started: boolean
  restartCount: number
  state: object
  lastState: object
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status: {
    phase: string
    conditions?: Condition[]
    startTime?: string
    hostIP?: string
    podIP?: string
    containerStatuses?: ContainerStatus[]
  }
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: PodSpec
}

export interface Deployment extends KubeObject {
  spec: {
    replicas: number
    selector: { matchLabels?: Record<string, string> }
    template: PodTemplate
    strategy: { type: string; rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string } }
    progressDeadlineSeconds: number
    paused?: boolean
  }
  status?: { conditions?: Condition[]; [count: string]: unknown }
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas: number; selector: { matchLabels?: Record<string, string> }; template: PodTemplate }
  status?: {
    replicas: number
    readyReplicas?: number
    availableReplicas?: number
    fullyLabeledReplicas?: number
    observedGeneration?: number
  }
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas: number
    selector: { matchLabels?: Record<string, string> }
    template: PodTemplate
    podManagementPolicy: 'OrderedReady' | 'Parallel'
    updateStrategy: { type: 'RollingUpdate' | 'OnDelete'; rollingUpdate?: { partition?: number } }
  }
  status?: { currentRevision?: string; currentReplicas?: number; [count: string]: unknown }
}

/** A pod template that a StatefulSet has, or used to have. */
export interface ControllerRevision extends KubeObject {
  data: { spec: { template: PodTemplate } }
}

export interface Node extends KubeObject {
  spec: { providerID?: string; taints?: Taint[]; unschedulable?: boolean }
  status: {
    capacity: Record<string, string>
    allocatable: Record<string, string>
    conditions: Condition[]
    addresses: { type: string; address: string }[]
    nodeInfo: object
  }
}
