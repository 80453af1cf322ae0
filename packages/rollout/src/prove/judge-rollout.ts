import { isDeepStrictEqual } from 'node:util'
import { conditionsOf, conditionWords, type KubernetesObject } from '@prebake/manifests'

export interface Judgement {
  readonly verdict: 'progressing' | 'complete' | 'failed' | 'superseded'
  /** The state in words, without a full stop. */
  readonly words: string
}

interface DeploymentFields {
  readonly spec?: { readonly replicas?: number; readonly paused?: boolean; readonly template?: unknown }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
  }
}

/**
 * How far the Deployment's rollout of *our* pod template is.
 * Complete means that every pod is of that template, ready and available, and no other is left, which is what `kubectl rollout status` waits for.
 * @param ours the Deployment as the server had it right after we applied it.
 */
export function judgeRollout(deployment: KubernetesObject, ours: KubernetesObject): Judgement {
  const { spec = {}, status = {} } = deployment as unknown as DeploymentFields
  if (deployment.metadata.uid !== ours.metadata.uid)
    return { verdict: 'superseded', words: 'it was deleted and created again by somebody else' }
  if (!isDeepStrictEqual(spec.template, (ours as unknown as DeploymentFields).spec?.template)) {
    return { verdict: 'superseded', words: 'somebody else has changed its pod template meanwhile' }
  }
  if ((status.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return { verdict: 'progressing', words: 'the Deployment controller has not looked yet' }
  }
  const wanted = spec.replicas ?? 1
  const { replicas = 0, updatedReplicas: updated = 0, readyReplicas: ready = 0, availableReplicas: available = 0 } = status
  const old = replicas - updated
  const words = `${updated} of ${wanted} updated, ${ready} ready, ${available} available${old > 0 ? `, ${old} old` : ''}`
  if (updated === wanted && replicas === wanted && ready === wanted && available === wanted) return { verdict: 'complete', words }
  if (spec.paused) return { verdict: 'failed', words: `${words}; it is paused, and will not go on until somebody resumes it` }

  const conditions = conditionsOf(deployment)
  const expired = conditions.find(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')
  if (expired) return { verdict: 'failed', words: `${words}; ${conditionWords(expired)}` }
  // Pods that cannot even be created (quota, Pod Security): may yet be mended from outside, so not an end.
  const refused = conditions.find(({ type, status: state }) => type === 'ReplicaFailure' && state === 'True')
  return { verdict: 'progressing', words: refused ? `${words}; ${conditionWords(refused)}` : words }
}
