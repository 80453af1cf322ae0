import type { Manifest } from './manifest.ts'

/** What must exist before what uses it. Kinds that are not listed come between the last foundation and the first workload. */
const foundations = [
  ['Namespace', 'CustomResourceDefinition'],
  [
    'ServiceAccount',
    'Role',
    'ClusterRole',
    'Secret',
    'ConfigMap',
    'StorageClass',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'PriorityClass',
  ],
  ['RoleBinding', 'ClusterRoleBinding'],
  ['EC2NodeClass'],
  ['NodePool'],
]
const workloads = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Pod', 'Job', 'CronJob']
/** These act on a workload, and would act on its previous version if they came first. */
const followers = ['HorizontalPodAutoscaler', 'ScaledObject', 'PodDisruptionBudget']

/** The manifests in the order in which they are applied; those of one rank stay in the order in which they were given. */
export function applyOrder(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.toSorted((a, b) => rank(a.document.kind) - rank(b.document.kind))
}

function rank(kind: string): number {
  const foundation = foundations.findIndex((kinds) => kinds.includes(kind))
  if (foundation >= 0) return foundation
  if (workloads.includes(kind)) return foundations.length + 1
  return followers.includes(kind) ? foundations.length + 2 : foundations.length
}
