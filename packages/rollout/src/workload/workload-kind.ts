import type { Fields, KubernetesObject } from '@prebake/manifests'
import type { Unreadable } from '../observe/list-readable.ts'
import type { Cluster } from '../ports/cluster.ts'

export interface Judgement {
  readonly verdict: 'progressing' | 'complete' | 'failed' | 'superseded'
  /** The state, without a full stop. */
  readonly message: string
  /** What the verdict does not prove. */
  readonly unproven?: string
}

export interface WorkloadPods {
  /** All of the workload; undefined where they cannot be read. */
  readonly pods: readonly KubernetesObject[] | undefined
  /** Those of its present template. */
  readonly ours: readonly KubernetesObject[]
  /** Why they cannot be read. */
  readonly unreadable: Unreadable | undefined
  /** Why it is not known for certain which are ours, so that old pods may be among them. */
  readonly guessed: Unreadable | undefined
}

/** A kind of object that runs pods which serve, and by which a rollout is judged. */
export interface WorkloadKind {
  readonly is: (object: KubernetesObject) => boolean
  /** The specs of the pods that it makes. */
  readonly podSpecs: (object: KubernetesObject) => readonly Fields[]
  /** The field of its `spec` that its pods are made from; a new version differs in it. */
  readonly versioned: 'template' | 'leaderWorkerTemplate' | 'predictor'
  /**
   * The values of that field that its controller still keeps, the newest first, the present one among them; undefined where it keeps none that can be read.
   */
  readonly versionsOf: (
    object: KubernetesObject,
    cluster: Pick<Cluster, 'list'>,
    signal: AbortSignal,
  ) => Promise<readonly Fields[] | undefined>
  /** How many pods it has when it is complete. */
  readonly podCount: (object: KubernetesObject) => number
  /**
   * How far the rollout of *our* version is, by the status that its controller writes.
   * @param ours the object as the server returned it right after it was applied.
   */
  readonly judge: (object: KubernetesObject, ours: KubernetesObject) => Judgement
  readonly podsOf: (object: KubernetesObject, cluster: Pick<Cluster, 'list'>, signal: AbortSignal) => Promise<WorkloadPods>
}
