import { fieldsOf, groupOf, numberAt, readField, specOf, textAt, type KubernetesObject } from '@prebake/manifests'
import { podsBySelector } from '../observe/pods-by-selector.ts'
import { judgeIdentity } from './judge-identity.ts'
import { replicaSetTemplates } from './kept-versions.ts'
import type { Judgement, WorkloadKind } from './workload-kind.ts'

const hashLabel = 'rollouts-pod-template-hash'

/** A Rollout of Argo Rollouts (argoproj.io/v1alpha1), judged as `kubectl argo rollouts status` does: by its phase, which takes canary steps into account. */
export const argoRollout: WorkloadKind = {
  is: (object) => object.kind === 'Rollout' && groupOf(object) === 'argoproj.io',
  podSpecs: (object) => [fieldsOf(readField(object, 'spec.template.spec'))],
  versioned: 'template',
  versionsOf: (object, cluster, signal) =>
    replicaSetTemplates(object, { revision: 'rollout.argoproj.io/revision', hash: hashLabel }, cluster, signal),
  podCount: (object) => numberAt(object, 'spec.replicas') ?? 1,
  judge: judgeArgoRollout,
  podsOf(object, cluster, signal) {
    const hash = textAt(object, 'status.currentPodHash')
    const isOurs = (pod: KubernetesObject) => hash !== undefined && pod.metadata.labels?.[hashLabel] === hash
    return podsBySelector(object, fieldsOf(specOf(object)['selector']), isOurs, cluster, signal)
  },
}

function judgeArgoRollout(object: KubernetesObject, ours: KubernetesObject): Judgement {
  // A number, written as a text.
  const observed = Number.parseInt(textAt(object, 'status.observedGeneration') ?? '', 10)
  const foreign = judgeIdentity(object, ours, 'spec.template', Number.isNaN(observed) ? undefined : observed)
  if (foreign !== undefined) return foreign
  const phase = textAt(object, 'status.phase') ?? 'Progressing'
  const message = [phase, textAt(object, 'status.message')].filter(Boolean).join(': ')
  // Of an aborted rollout, and of one that is not promoted yet, the old pods serve on.
  const promoted = textAt(object, 'status.stableRS') === textAt(object, 'status.currentPodHash')
  const reference = textAt(object, 'spec.workloadRef.name')
  if (phase === 'Healthy' && promoted && reference !== undefined)
    return {
      verdict: 'complete',
      message,
      unproven: `its pods are made from ${reference}, to which its \`workloadRef\` points, and were not looked at`,
    }
  if (phase === 'Healthy' && promoted) return { verdict: 'complete', message }
  if (phase === 'Degraded') return { verdict: 'failed', message }
  if (phase === 'Paused')
    return {
      verdict: 'complete',
      message,
      unproven: 'it is paused at a step: until it is promoted, pods of the previous version serve too',
    }
  return { verdict: 'progressing', message }
}
