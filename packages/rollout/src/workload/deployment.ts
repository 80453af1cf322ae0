import { conditionsOf, describeCondition, fieldsOf, isDeployment, numberAt, readField, type KubernetesObject } from '@prebake/manifests'
import { podsOfTemplate } from '../observe/pods-of-template.ts'
import { judgeIdentity } from './judge-identity.ts'
import { replicaSetTemplates } from './kept-versions.ts'
import type { Judgement, WorkloadKind } from './workload-kind.ts'

/** A Deployment (apps/v1). */
export const deployment: WorkloadKind = {
  is: isDeployment,
  podSpecs: (object) => [fieldsOf(readField(object, 'spec.template.spec'))],
  versioned: 'template',
  versionsOf: (object, cluster, signal) =>
    replicaSetTemplates(object, { revision: 'deployment.kubernetes.io/revision', hash: 'pod-template-hash' }, cluster, signal),
  podCount: (object) => numberAt(object, 'spec.replicas') ?? 1,
  judge: judgeDeployment,
  podsOf: podsOfTemplate,
}

interface DeploymentFields {
  readonly spec?: { readonly replicas?: number; readonly paused?: boolean }
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
function judgeDeployment(object: KubernetesObject, ours: KubernetesObject): Judgement {
  const { spec = {}, status = {} } = object as unknown as DeploymentFields
  const foreign = judgeIdentity(object, ours, 'spec.template', status.observedGeneration)
  if (foreign !== undefined) return foreign
  const wanted = spec.replicas ?? 1
  const { replicas = 0, updatedReplicas: updated = 0, readyReplicas: ready = 0, availableReplicas: available = 0 } = status
  const old = replicas - updated
  const message = `${updated} of ${wanted} updated, ${ready} ready, ${available} available${old > 0 ? `, ${old} old` : ''}`
  if (updated === wanted && replicas === wanted && ready === wanted && available === wanted) return { verdict: 'complete', message }
  if (spec.paused) return { verdict: 'failed', message: `${message}; it is paused, and does not continue until it is resumed` }

  const conditions = conditionsOf(object)
  const expired = conditions.find(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')
  if (expired) return { verdict: 'failed', message: `${message}; ${describeCondition(expired)}` }
  // Pods that cannot even be created (quota, Pod Security) may still be fixed from outside.
  const refused = conditions.find(({ type, status: state }) => type === 'ReplicaFailure' && state === 'True')
  return { verdict: 'progressing', message: refused ? `${message}; ${describeCondition(refused)}` : message }
}
