import { PrebakeError } from '@prebake/kernel'
import type { BenchmarkErrorCode } from '../error-codes.ts'
import type { Workload } from '../ports/workload.ts'
import { holdAnnotation, readHold } from './hold.ts'

export interface ReplicasBefore {
  readonly deployment: string
  readonly namespace: string
  /** The replicas before the first change. */
  readonly replicas: number
  /** The replicas that the measurement set. */
  readonly set: readonly number[]
  /** The run that holds the Deployment. */
  readonly run: string
}

export type Restored =
  | { readonly outcome: 'restored'; readonly was: number }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'gone' }
  /** Another client has changed the replicas since, or another run holds the Deployment. */
  | { readonly outcome: 'left'; readonly was: number; readonly holder?: string }

/** As often as another client may write to the Deployment in between. */
const mostTries = 5

/** Restores the replicas and gives the Deployment free, unless another client has changed them or another run holds it. Safe to repeat. */
export async function restoreReplicas(
  { deployment, namespace, replicas, set, run }: ReplicasBefore,
  { workload }: { readonly workload: Workload },
  signal: AbortSignal,
): Promise<Restored> {
  const now = await workload.deployment(deployment, namespace, signal)
  if (now === undefined) return { outcome: 'gone' }
  const holder = readHold(now.annotations)?.run
  // Without our mark nothing was scaled, or all of it has been put back.
  if (holder !== run) {
    if (now.replicas === replicas) return { outcome: 'unchanged' }
    return { outcome: 'left', was: now.replicas, ...(holder !== undefined && { holder }) }
  }
  const isOurs = now.replicas !== replicas && set.includes(now.replicas)
  if (isOurs) await workload.scale(deployment, namespace, replicas, signal)
  await release({ deployment, namespace, run }, workload, signal)
  if (isOurs) return { outcome: 'restored', was: now.replicas }
  return now.replicas === replicas ? { outcome: 'unchanged' } : { outcome: 'left', was: now.replicas }
}

async function release(
  { deployment, namespace, run }: Pick<ReplicasBefore, 'deployment' | 'namespace' | 'run'>,
  workload: Workload,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    const now = await workload.deployment(deployment, namespace, signal)
    if (now === undefined || readHold(now.annotations)?.run !== run) return
    const { resourceVersion } = now
    if (await workload.annotate(deployment, namespace, { annotations: { [holdAnnotation]: null }, resourceVersion }, signal)) return
  }
  throw new PrebakeError(`Give ${deployment} free: it changes all the time.`, {
    code: 'deployment-held' satisfies BenchmarkErrorCode,
    hint: `\`kubectl annotate deployment/${deployment} -n ${namespace} ${holdAnnotation}-\` does it.`,
  })
}
