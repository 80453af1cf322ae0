import { groupOf, numberAt, specOf, textAt, fieldsOf, readField, type KubernetesObject } from '@prebake/manifests'
import { podsBySelector } from '../observe/pods-by-selector.ts'
import { judgeIdentity } from './judge-identity.ts'
import { revisionFields } from './kept-versions.ts'
import type { Judgement, WorkloadKind } from './workload-kind.ts'

const revisionLabel = 'controller-revision-hash'

/** A StatefulSet (apps/v1), judged as `kubectl rollout status` does. It has no surge: each pod goes before its successor comes. */
export const statefulSet: WorkloadKind = {
  is: (object) => object.kind === 'StatefulSet' && groupOf(object) === 'apps',
  podSpecs: (object) => [fieldsOf(readField(object, 'spec.template.spec'))],
  versioned: 'template',
  versionsOf: (object, cluster, signal) => revisionFields(object, 'template', cluster, signal),
  podCount: replicasOf,
  judge: judgeStatefulSet,
  podsOf(object, cluster, signal) {
    const revision = textAt(object, 'status.updateRevision')
    const isOurs = (pod: KubernetesObject) => revision !== undefined && pod.metadata.labels?.[revisionLabel] === revision
    return podsBySelector(object, fieldsOf(specOf(object)['selector']), isOurs, cluster, signal)
  },
}

function replicasOf(object: KubernetesObject): number {
  return numberAt(object, 'spec.replicas') ?? 1
}

function judgeStatefulSet(object: KubernetesObject, ours: KubernetesObject): Judgement {
  const foreign = judgeIdentity(object, ours, 'spec.template', numberAt(object, 'status.observedGeneration'))
  if (foreign !== undefined) return foreign
  const count = (name: string) => numberAt(object, `status.${name}`) ?? 0
  const wanted = replicasOf(object)
  const [replicas, updated, ready] = [count('replicas'), count('updatedReplicas'), count('readyReplicas')]
  const message = `${updated} of ${wanted} updated, ${ready} ready${replicas > updated ? `, ${replicas - updated} old` : ''}`
  if (updated === wanted && replicas === wanted && ready === wanted) return { verdict: 'complete', message }
  if (textAt(object, 'spec.updateStrategy.type') === 'OnDelete' && ready === replicas && replicas === wanted)
    return { verdict: 'failed', message: `${message}; its updateStrategy is OnDelete, so old pods stay until they are deleted` }
  const partition = numberAt(object, 'spec.updateStrategy.rollingUpdate.partition') ?? 0
  if (partition > 0 && ready === wanted && replicas === wanted && updated >= wanted - partition)
    return {
      verdict: 'complete',
      message,
      unproven: `its partition of ${partition} keeps ${wanted - updated} pods at the previous version`,
    }
  return { verdict: 'progressing', message }
}
