import type { Manifest } from '@prebake/manifests'
import type { AccountQuotas } from './ports/account-quotas.ts'
import type { ClusterReader } from './ports/cluster-reader.ts'
import type { InstanceTypes } from './ports/instance-types.ts'
import type { MachineImages } from './ports/machine-images.ts'
import type { SnapshotFacts } from './ports/snapshot-facts.ts'

export interface PreflightRequest {
  /** Filled in, with a namespace where their kind has them. */
  readonly manifests: readonly Manifest[]
  /** The snapshot that is rolled out, where it is known apart from the manifests: the cluster's own NodeClasses are compared with it. */
  readonly snapshotId?: string | undefined
  /** IDs of rules whose findings neither stop the rollout nor are a warning. */
  readonly ignoreRules?: readonly string[] | undefined
}

export interface PreflightPorts {
  readonly cluster: ClusterReader
  /** Left out without an AWS account: the content of a snapshot is then not checked. */
  readonly snapshots?: SnapshotFacts | undefined
  /** Left out likewise. */
  readonly quotas?: AccountQuotas | undefined
  /** Left out likewise: the rules then use a built-in table. */
  readonly instanceTypes?: InstanceTypes | undefined
  /** Left out likewise. */
  readonly machineImages?: MachineImages | undefined
}
