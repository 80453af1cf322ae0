import type { Clock, ExplainTrouble, Reporter } from '@prebake/kernel'
import type { Manifest } from '@prebake/manifests'
import type { PreflightPorts, PreflightRequest } from '@prebake/preflight'
import type { SnapshotPointer } from '@prebake/snapshot-record'
import type { Cluster } from './ports/cluster.ts'
import type { RolloutJournal } from './ports/rollout-journal.ts'
import type { SnapshotVerdicts } from './ports/snapshot-verdicts.ts'

export interface RollOutRequest extends PreflightRequest {
  /** Filled in. */
  readonly manifests: readonly Manifest[]
  /** For documents without one, where their kind is namespaced. */
  readonly namespace: string
  /** For the whole rollout, in milliseconds. A rollback has its own limit. */
  readonly timeoutMs: number
  /** Takes over fields that another field manager owns. */
  readonly force: boolean
  /** Checks and compares, and changes nothing. */
  readonly dryRun: boolean
  /** Whether a rollout that fails is rolled back. */
  readonly rollback: boolean
  /** Names this run where it leaves a mark: on a NodePool that it pauses, on a snapshot that it rejects. */
  readonly run: string
}

export interface RollOutPorts extends Omit<PreflightPorts, 'cluster'> {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly reporter: Reporter
  /** Left out: nothing outlives a run that is killed. */
  readonly journal?: RolloutJournal
  /** Left out: a snapshot whose rollout failed is not marked. */
  readonly verdicts?: SnapshotVerdicts
  /** Left out: no pointer is reset. */
  readonly pointer?: SnapshotPointer
  /** Left out: a failure has only the words of the cluster, and no cause that is judged from them. */
  readonly explainTrouble?: ExplainTrouble
}

export interface AppliedObject {
  readonly kind: string
  readonly name: string
  /** Undefined for cluster-scoped kinds. */
  readonly namespace: string | undefined
  readonly changed: boolean
}

export interface Served {
  /** Of the last Deployment, if there is one: its `deployment.kubernetes.io/revision`. */
  readonly revision?: string
  /** What serves, and was not seen to be of what was applied, one sentence each without a full stop; empty: all is proven. */
  readonly unproven: readonly string[]
}

export interface RollOutResult extends Served {
  /** Whether any object was changed; in a dry run, whether one would be. */
  readonly changed: boolean
  /** In the order in which they were applied. */
  readonly applied: readonly AppliedObject[]
}
