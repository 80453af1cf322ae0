import type { KubernetesObject, Manifest } from '@prebake/manifests'
import type { VcpuQuota } from '../ports/account-quotas.ts'
import type { Fact } from '../ports/fact.ts'
import type { SnapshotDescription } from '../ports/snapshot-facts.ts'
import type { InstanceType } from './instance-type.ts'

/** What scales a Deployment by itself. */
export interface Autoscaler {
  /** `HorizontalPodAutoscaler` or `ScaledObject`. */
  readonly kind: string
  readonly name: string
  /** Kind and name of what it scales. */
  readonly target: { readonly kind: string; readonly name: string }
}

/** The EC2NodeClass CRD, as far as a rule asks. */
export interface NodeClassSchema {
  readonly volumeInitializationRate: boolean
}

/**
 * Facts from outside the manifests, each under the name that identifies it among its kind (a snapshot's ID, a NodeClass's name, a namespace,
 * `namespace/name`). What is missing was not looked up, because no rule needs it for these manifests.
 */
export interface OutsideFacts {
  readonly snapshot: Readonly<Record<string, Fact<SnapshotDescription | undefined>>>
  /** Under `''`. Undefined: the cluster does not know the kind. */
  readonly nodeClassSchema: Readonly<Record<string, Fact<NodeClassSchema | undefined>>>
  /** EC2NodeClasses that NodePools refer to and that no manifest has. */
  readonly nodeClass: Readonly<Record<string, Fact<KubernetesObject | undefined>>>
  /** All of the cluster, under `''`: where the manifests have pods for them but no NodePool. */
  readonly nodePools: Readonly<Record<string, Fact<readonly KubernetesObject[]>>>
  /** Labels of a namespace. */
  readonly namespace: Readonly<Record<string, Fact<Readonly<Record<string, string>> | undefined>>>
  /** Deployments as they are now. */
  readonly deployment: Readonly<Record<string, Fact<KubernetesObject | undefined>>>
  /** Of a namespace. */
  readonly autoscalers: Readonly<Record<string, Fact<readonly Autoscaler[]>>>
  /** vCPUs that the account may run at once, by quota. Undefined: it has no such quota. */
  readonly vcpuQuota: Readonly<Partial<Record<VcpuQuota, Fact<number | undefined>>>>
  /** IDs of public machine images, by SSM parameter. Undefined: there is no such image. */
  readonly machineImage: Readonly<Record<string, Fact<string | undefined>>>
  /** Of a namespace. */
  readonly services: Readonly<Record<string, Fact<readonly KubernetesObject[]>>>
}

export type FactName = keyof OutsideFacts

/** Everything that the rules judge. */
export interface PreflightSubject {
  /** Filled in, with a namespace where their kind has them. */
  readonly manifests: readonly Manifest[]
  /** The snapshot that is rolled out, where it was given beside the manifests. */
  readonly snapshotId: string | undefined
  /** `1.36`, and the region that the API server's address names, if it does. */
  readonly cluster: { readonly version: string | undefined; readonly region: string | undefined }
  readonly facts: OutsideFacts
  /** Those with NVIDIA GPUs. */
  readonly instanceTypes: readonly InstanceType[]
  /** Where they come from, for the report; undefined where no rule needs them. */
  readonly instanceTypeSource: string | undefined
}

export const noFacts: OutsideFacts = {
  snapshot: {},
  nodeClassSchema: {},
  nodeClass: {},
  nodePools: {},
  namespace: {},
  deployment: {},
  autoscalers: {},
  vcpuQuota: {},
  machineImage: {},
  services: {},
}
