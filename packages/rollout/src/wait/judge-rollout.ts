import { isDeepStrictEqual } from 'node:util'
import { conditionsOf, describeCondition, type KubernetesObject } from '@prebake/manifests'

export interface Judgement {
  readonly verdict: 'progressing' | 'complete' | 'failed' | 'superseded'
  /** The state, without a full stop. */
  readonly message: string
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
 * @param ours the Deployment as the server returned it right after we applied it.
 */
export function judgeRollout(deployment: KubernetesObject, ours: KubernetesObject): Judgement {
  const { spec = {}, status = {} } = deployment as unknown as DeploymentFields
  if (deployment.metadata.uid !== ours.metadata.uid)
    return { verdict: 'superseded', message: 'another client deleted and created it again' }
  if (!isDeepStrictEqual(spec.template, (ours as unknown as DeploymentFields).spec?.template)) {
    return { verdict: 'superseded', message: 'its pod template was changed meanwhile' }
  }
  if ((status.observedGeneration ?? 0) < (deployment.metadata.generation ?? 0)) {
    return { verdict: 'progressing', message: 'the Deployment controller has not processed it yet' }
  }
  const wanted = spec.replicas ?? 1
  const { replicas = 0, updatedReplicas: updated = 0, readyReplicas: ready = 0, availableReplicas: available = 0 } = status
  const old = replicas - updated
  const message = `${updated} of ${wanted} updated, ${ready} ready, ${available} available${old > 0 ? `, ${old} old` : ''}`
  if (updated === wanted && replicas === wanted && ready === wanted && available === wanted) return { verdict: 'complete', message }
  if (spec.paused) return { verdict: 'failed', message: `${message}; it is paused, and does not continue until it is resumed` }

  const conditions = conditionsOf(deployment)
  const expired = conditions.find(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')
  if (expired) return { verdict: 'failed', message: `${message}; ${describeCondition(expired)}` }
  // Pods that cannot even be created (quota, Pod Security) may still be fixed from outside.
  const refused = conditions.find(({ type, status: state }) => type === 'ReplicaFailure' && state === 'True')
  return { verdict: 'progressing', message: refused ? `${message}; ${describeCondition(refused)}` : message }
}
