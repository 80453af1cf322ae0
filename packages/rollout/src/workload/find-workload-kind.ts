import type { KubernetesObject } from '@prebake/manifests'
import { argoRollout } from './argo-rollout.ts'
import { deployment } from './deployment.ts'
import { inferenceService } from './inference-service.ts'
import { leaderWorkerSet } from './leader-worker-set.ts'
import { statefulSet } from './stateful-set.ts'
import type { WorkloadKind } from './workload-kind.ts'

const workloadKinds: readonly WorkloadKind[] = [deployment, statefulSet, leaderWorkerSet, inferenceService, argoRollout]

/** How a rollout of this object is judged; undefined for a kind that is only applied. */
export function findWorkloadKind(object: KubernetesObject): WorkloadKind | undefined {
  return workloadKinds.find((kind) => kind.is(object))
}
