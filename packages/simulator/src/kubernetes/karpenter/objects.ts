import type { Condition, KubeObject, Requirement, Taint } from '../objects.ts'

export interface NodeClassReference {
  group: string
  kind: string
  name: string
}

export interface NodePool extends KubeObject {
  spec: {
    template: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
      spec: {
        nodeClassRef: NodeClassReference
        requirements?: Requirement[]
        taints?: Taint[]
        startupTaints?: Taint[]
        expireAfter?: string
      }
    }
    disruption?: { consolidationPolicy?: string; consolidateAfter?: string; budgets?: { nodes: string; reasons?: string[] }[] }
    limits?: Record<string, string | number>
  }
  status?: { conditions?: Condition[] }
}

export interface NodeClaim extends KubeObject {
  spec: {
    nodeClassRef: NodeClassReference
    requirements: Requirement[]
    resources: { requests: Record<string, string> }
    taints?: Taint[]
    startupTaints?: Taint[]
    expireAfter?: string
  }
  status: {
    conditions: Condition[]
    nodeName?: string
    providerID?: string
    imageID?: string
    capacity?: Record<string, string>
    allocatable?: Record<string, string>
  }
}

export interface BlockDeviceMapping {
  deviceName?: string
  ebs?: { snapshotID?: string; volumeSize?: string; throughput?: number; iops?: number; volumeInitializationRate?: number }
}

export interface Ec2NodeClass extends KubeObject {
  spec: { blockDeviceMappings?: BlockDeviceMapping[]; amiSelectorTerms?: { alias?: string }[]; [field: string]: unknown }
  status?: { conditions?: Condition[] }
}
