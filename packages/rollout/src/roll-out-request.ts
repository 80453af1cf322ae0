import type { Clock, Reporter } from '@prebake/kernel'
import type { KubernetesObject, Manifest } from '@prebake/manifests'
import type { AccountQuotas, SnapshotFacts } from '@prebake/preflight'
import type { Cluster } from './ports/cluster.ts'
import type { SnapshotPointer, SnapshotVerdicts } from './ports/snapshot-verdicts.ts'

export interface RollOutRequest {
  readonly manifests: readonly Manifest[]
  /** For documents without one, where their kind has namespaces. */
  readonly namespace: string
  /** What is rolled out, where it is known apart from the manifests: NodeClasses of the cluster's own are held against it. */
  readonly snapshotId?: string | undefined
  /** For the whole rollout, in milliseconds. Putting back after a failure has its own limit. */
  readonly timeoutMs: number
  /** Takes fields that another field manager owns. */
  readonly force: boolean
  /** Checks and compares, and changes nothing. */
  readonly dryRun: boolean
  /** Whether a rollout that fails is undone. */
  readonly rollback: boolean
  /** Names this run where it leaves a mark: on a NodePool that it holds, on a snapshot that it rejects. */
  readonly run: string
}

export interface RollOutPorts {
  readonly cluster: Cluster
  /** Left out where there is no account to look into: the snapshot is then not checked. */
  readonly snapshots?: SnapshotFacts | undefined
  /** Left out likewise: whether the account may run that many GPU instances is then not checked. */
  readonly quotas?: AccountQuotas | undefined
  readonly clock: Clock
  readonly reporter: Reporter
  /**
   * Told, ahead of every change to a hold, the documents that end all holds: what somebody else has to apply when this run is killed. None: no hold
   * is left.
   */
  readonly onHold?: (documents: readonly KubernetesObject[]) => void
  /** Left out: a snapshot whose rollout failed is not marked. */
  readonly verdicts?: SnapshotVerdicts
  /** Left out: no pointer is put back. */
  readonly pointer?: SnapshotPointer
}

export interface AppliedObject {
  readonly kind: string
  readonly name: string
  /** Undefined for kinds without one. */
  readonly namespace: string | undefined
  readonly changed: boolean
}

export interface RollOutResult {
  /** Whether any object was changed; in a dry run, whether one would be. */
  readonly changed: boolean
  /** In the order in which they were applied. */
  readonly applied: readonly AppliedObject[]
  /** Of the Deployment that was waited for (the last, if there are several): its `deployment.kubernetes.io/revision`. */
  readonly revision?: string
}
