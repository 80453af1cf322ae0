import type { Workload } from '../ports/workload.ts'

export interface ReplicasBefore {
  readonly deployment: string
  readonly namespace: string
  /** The replicas before the first change. */
  readonly replicas: number
  /** The replicas that the measurement set. */
  readonly set: readonly number[]
}

export type Restored =
  | { readonly outcome: 'restored'; readonly was: number }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'gone' }
  /** Another client has changed the replicas since. */
  | { readonly outcome: 'left'; readonly was: number }

/** Restores the replicas, unless another client has changed them. Safe to repeat. */
export async function restoreReplicas(
  { deployment, namespace, replicas, set }: ReplicasBefore,
  { workload }: { readonly workload: Workload },
  signal: AbortSignal,
): Promise<Restored> {
  const now = await workload.deployment(deployment, namespace, signal)
  if (now === undefined) return { outcome: 'gone' }
  if (now.replicas === replicas) return { outcome: 'unchanged' }
  if (!set.includes(now.replicas)) return { outcome: 'left', was: now.replicas }
  await workload.scale(deployment, namespace, replicas, signal)
  return { outcome: 'restored', was: now.replicas }
}
