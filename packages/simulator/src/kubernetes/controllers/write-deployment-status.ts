import type { Cluster } from '../cluster.ts'
import { fill, messageForms } from '../form.ts'
import type { Condition, Deployment, ReplicaSet } from '../objects.ts'
import { setCondition } from '../set-condition.ts'
import { toSeconds } from '../stamps.ts'
import { surgeOf } from './plan-rollout.ts'

type Counts = { replicas: number; updatedReplicas: number; readyReplicas: number; availableReplicas: number; unavailableReplicas: number }

/** Writes the counts and the conditions Available and Progressing, as pkg/controller/deployment does. */
export function writeDeploymentStatus(cluster: Cluster, deployment: Deployment, hash: string, sets: readonly ReplicaSet[]): void {
  const { store, agenda } = cluster
  const now = agenda.now()
  const current = sets.find(({ metadata }) => metadata.labels?.['pod-template-hash'] === hash)
  const total = (count: (set: ReplicaSet) => number | undefined) => sets.reduce((sum, set) => sum + (count(set) ?? 0), 0)
  const available = total(({ status }) => status?.availableReplicas)
  const counts: Counts = {
    replicas: total(({ status }) => status?.replicas),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: total(({ status }) => status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, total(({ spec }) => spec.replicas) - available),
  }
  store.update(deployment, (draft) => {
    const conditions = structuredClone(draft.status?.conditions ?? [])
    const enough =
      available >= draft.spec.replicas - (draft.spec.strategy.type === 'Recreate' ? draft.spec.replicas : surgeOf(draft.spec).unavailable)
    set(conditions, now, {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: enough ? messageForms.available : messageForms.unavailable,
    })
    const progress = progressOf(draft, counts, conditions, current?.metadata.name ?? '', now)
    if (progress) set(conditions, now, progress)
    const shown = Object.entries(counts).filter(([, count]) => count > 0)
    draft.status = { observedGeneration: draft.metadata.generation ?? 1, ...Object.fromEntries(shown), conditions }
  })
}

/** The condition Progressing as it becomes; undefined: as it was. */
function progressOf(
  { spec, status }: Deployment,
  counts: Counts,
  conditions: readonly Condition[],
  replicaSet: string,
  now: number,
): Condition | undefined {
  const before = conditions.find(({ type }) => type === 'Progressing')
  const is = (state: Condition['status'], reason: string, form: string): Condition => ({
    type: 'Progressing',
    status: state,
    reason,
    message: fill(form, { replicaSet }),
  })
  const complete =
    counts.updatedReplicas === spec.replicas && counts.replicas === spec.replicas && counts.availableReplicas === spec.replicas
  const sameSet = before?.message?.includes(`"${replicaSet}"`) === true
  if (complete) return is('True', 'NewReplicaSetAvailable', messageForms.progressed)
  // Scaling what was complete is no rollout: the condition stays, and so does the clock.
  if (before?.reason === 'NewReplicaSetAvailable' && sameSet && counts.replicas === counts.updatedReplicas) return undefined
  if (!before || !sameSet) return is('True', 'NewReplicaSetCreated', messageForms.newReplicaSetCreated)
  const was = (count: keyof Counts) => Number(status?.[count] ?? 0)
  const moved =
    counts.updatedReplicas > was('updatedReplicas') ||
    counts.replicas - counts.updatedReplicas < was('replicas') - was('updatedReplicas') ||
    counts.readyReplicas > was('readyReplicas') ||
    counts.availableReplicas > was('availableReplicas')
  if (moved) return is('True', 'ReplicaSetUpdated', messageForms.progressing)
  const since = Date.parse(before.lastUpdateTime ?? '')
  return before.status !== 'False' && now - since > spec.progressDeadlineSeconds * 1000
    ? is('False', 'ProgressDeadlineExceeded', messageForms.timedOut)
    : undefined
}

/** A Deployment's condition also has a time of its last update, which moves whenever it is written again. */
function set(conditions: Condition[], now: number, condition: Condition): void {
  const before = conditions.find(({ type }) => type === condition.type)
  const same = before?.status === condition.status && before.reason === condition.reason && before.message === condition.message
  const renewed = !same || condition.reason === 'ReplicaSetUpdated'
  setCondition(conditions, now, { ...condition, lastUpdateTime: renewed ? toSeconds(now) : (before.lastUpdateTime ?? toSeconds(now)) })
}
