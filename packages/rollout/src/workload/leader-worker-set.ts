import { conditionsOf, fieldsOf, groupOf, numberAt, readField, type Fields, type KubernetesObject } from '@prebake/manifests'
import { podsBySelector } from '../observe/pods-by-selector.ts'
import { isMadeFrom } from './is-made-from.ts'
import { judgeIdentity } from './judge-identity.ts'
import { revisionFields } from './kept-versions.ts'
import type { Judgement, WorkloadKind } from './workload-kind.ts'

const nameLabel = 'leaderworkerset.sigs.k8s.io/name'

/** A LeaderWorkerSet (leaderworkerset.x-k8s.io/v1): groups of a leader and its workers. Its counts are of groups. */
export const leaderWorkerSet: WorkloadKind = {
  is: (object) => object.kind === 'LeaderWorkerSet' && groupOf(object) === 'leaderworkerset.x-k8s.io',
  podSpecs,
  versioned: 'leaderWorkerTemplate',
  versionsOf: (object, cluster, signal) => revisionFields(object, 'leaderWorkerTemplate', cluster, signal),
  podCount: (object) => groupsOf(object) * (numberAt(object, 'spec.leaderWorkerTemplate.size') ?? 1),
  judge: judgeLeaderWorkerSet,
  podsOf(object, cluster, signal) {
    const isOurs = (pod: KubernetesObject) => podSpecs(object).some((spec) => isMadeFrom(pod, spec))
    return podsBySelector(object, { matchLabels: { [nameLabel]: object.metadata.name } }, isOurs, cluster, signal)
  },
}

const groupsOf = (object: KubernetesObject): number => numberAt(object, 'spec.replicas') ?? 1

function podSpecs(object: KubernetesObject): readonly Fields[] {
  const { leaderTemplate, workerTemplate } = fieldsOf(readField(object, 'spec.leaderWorkerTemplate'))
  return [leaderTemplate, workerTemplate].flatMap((template) => (template === undefined ? [] : [fieldsOf(readField(template, 'spec'))]))
}

function judgeLeaderWorkerSet(object: KubernetesObject, ours: KubernetesObject): Judgement {
  // Its status names no generation; that its pods are of this template is seen on the pods themselves.
  const foreign = judgeIdentity(object, ours, 'spec.leaderWorkerTemplate', object.metadata.generation)
  if (foreign !== undefined) return foreign
  const count = (name: string) => numberAt(object, `status.${name}`) ?? 0
  const wanted = groupsOf(object)
  const [updated, ready] = [count('updatedReplicas'), count('readyReplicas')]
  const message = `${updated} of ${wanted} groups updated, ${ready} ready`
  const holds = (type: string) => conditionsOf(object).some((condition) => condition.type === type && condition.status === 'True')
  const complete = updated === wanted && ready === wanted && holds('Available') && !holds('UpdateInProgress')
  return { verdict: complete ? 'complete' : 'progressing', message }
}
