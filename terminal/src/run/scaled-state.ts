import type { ActionContext } from '@prebake/action-kit'
import { openCluster, type ClusterInputs } from '@prebake/kubernetes/access'
import type { Memory } from '../memory/memory-file.ts'

interface Scaled {
  readonly cluster: ClusterInputs
  readonly deployment: string
  readonly namespace: string
  readonly replicas: number
  /** What this run sets. */
  readonly set: readonly number[]
}

const state = (memory: Memory) => memory.open(['scaled'])

/** Before the replicas are changed, so that a run that is killed is put right by the next one. */
export function noteScaled(memory: Memory, scaled: Scaled): void {
  state(memory).save({ scaled: JSON.stringify(scaled) })
}

/** Puts the replicas back that a run has changed, unless someone else has changed them since. Safe to repeat. */
export async function restoreScaled(memory: Memory, { env, clock, signal, reporter }: ActionContext): Promise<void> {
  const { scaled } = state(memory).read()
  if (scaled === undefined || scaled === '') return
  const { cluster, deployment, namespace, replicas, set } = JSON.parse(scaled) as Scaled
  const { workload } = await openCluster(cluster, { env, clock }, signal)
  const now = (await workload.deployment(deployment, namespace, signal))?.replicas
  if (now !== undefined && now !== replicas) {
    if (set.includes(now)) {
      await workload.scale(deployment, namespace, replicas, signal)
      reporter.info(`Scaled ${deployment} back to ${replicas} replicas`)
    } else reporter.warning(`${deployment} has ${now} replicas, which this run did not set. Left unchanged.`)
  }
  state(memory).save({ scaled: '' })
}
