import {
  conditionsOf,
  describeCondition,
  fieldsOf,
  groupOf,
  isFields,
  numberAt,
  readField,
  textAt,
  type KubernetesObject,
} from '@prebake/manifests'
import { podsBySelector } from '../observe/pods-by-selector.ts'
import { isMadeFrom } from './is-made-from.ts'
import { judgeIdentity } from './judge-identity.ts'
import type { Judgement, WorkloadKind } from './workload-kind.ts'

const nameLabel = 'serving.kserve.io/inferenceservice'
/** Of `status.modelStatus.transitionStatus`: the new version does not load, and the one from before serves on. */
const failures = ['BlockedByFailedLoad', 'InvalidSpec']

/**
 * An InferenceService of KServe (serving.kserve.io/v1beta1). What its pods run may come from a ServingRuntime, which is not read here: how many there are
 * follows from its autoscaler, and that they are of this version is known only where the manifest itself has their containers.
 */
export const inferenceService: WorkloadKind = {
  is: (object) => object.kind === 'InferenceService' && groupOf(object) === 'serving.kserve.io',
  podSpecs: (object) => [fieldsOf(readField(object, 'spec.predictor'))],
  versioned: 'predictor',
  // Its revisions are of the Deployment that KServe makes of it.
  versionsOf: async () => undefined,
  podCount: (object) => Math.max(1, numberAt(object, 'spec.predictor.minReplicas') ?? 1),
  judge: judgeInferenceService,
  podsOf(object, cluster, signal) {
    const predictor = fieldsOf(readField(object, 'spec.predictor'))
    const selector = { matchLabels: { [nameLabel]: object.metadata.name } }
    return podsBySelector(object, selector, (pod) => isMadeFrom(pod, predictor), cluster, signal)
  },
}

function judgeInferenceService(object: KubernetesObject, ours: KubernetesObject): Judgement {
  const foreign = judgeIdentity(object, ours, 'spec.predictor', numberAt(object, 'status.observedGeneration'))
  if (foreign !== undefined) return foreign
  const transition = textAt(object, 'status.modelStatus.transitionStatus')
  const ready = conditionsOf(object).find(({ type }) => type === 'Ready')
  const message = [ready && describeCondition(ready), transition].filter(Boolean).join('; ') || 'no condition yet'
  if (transition !== undefined && failures.includes(transition)) return { verdict: 'failed', message }
  if (ready?.status !== 'True' || transition === 'InProgress') return { verdict: 'progressing', message }
  const hasContainers = Array.isArray(readField(object, 'spec.predictor.containers'))
  if (hasContainers && !isFields(readField(object, 'spec.predictor.model'))) return { verdict: 'complete', message }
  const unproven = 'KServe makes its pods from a ServingRuntime: that they are of this version is known by its status alone'
  return { verdict: 'complete', message, unproven }
}
