/** A kind that the API has, and how its discovery describes it. */
export interface Kind {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly shortNames: readonly string[]
  readonly namespaced: boolean
  /** Whether `metadata.generation` counts changes of the spec. */
  readonly generation: boolean
  readonly subresources: readonly ('scale' | 'log' | 'portforward' | 'status')[]
}

const entry = (group: string, kind: string, plural: string, shortNames: string[], options: Partial<Kind> = {}): Kind => ({
  group,
  version: 'v1',
  kind,
  plural,
  shortNames,
  namespaced: true,
  generation: false,
  subresources: [],
  ...options,
})

const clusterWide = { namespaced: false } as const

/** Names and short names as in the API reference and in Karpenter's CRDs. */
export const kinds: readonly Kind[] = [
  entry('', 'Namespace', 'namespaces', ['ns'], clusterWide),
  entry('', 'Pod', 'pods', ['po'], { generation: true, subresources: ['log', 'portforward', 'status'] }),
  entry('', 'Service', 'services', ['svc']),
  entry('', 'Event', 'events', ['ev']),
  entry('', 'ConfigMap', 'configmaps', ['cm']),
  entry('', 'Secret', 'secrets', []),
  entry('', 'ServiceAccount', 'serviceaccounts', ['sa']),
  entry('', 'PersistentVolumeClaim', 'persistentvolumeclaims', ['pvc']),
  entry('autoscaling', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', ['hpa'], { version: 'v2' }),
  entry('policy', 'PodDisruptionBudget', 'poddisruptionbudgets', ['pdb']),
  entry('', 'Node', 'nodes', ['no'], { ...clusterWide, subresources: ['status'] }),
  entry('apps', 'Deployment', 'deployments', ['deploy'], { generation: true, subresources: ['scale', 'status'] }),
  entry('apps', 'StatefulSet', 'statefulsets', ['sts'], { generation: true, subresources: ['scale', 'status'] }),
  entry('apps', 'ControllerRevision', 'controllerrevisions', []),
  entry('rbac.authorization.k8s.io', 'ClusterRole', 'clusterroles', [], clusterWide),
  entry('rbac.authorization.k8s.io', 'ClusterRoleBinding', 'clusterrolebindings', [], clusterWide),
  entry('rbac.authorization.k8s.io', 'Role', 'roles', []),
  entry('rbac.authorization.k8s.io', 'RoleBinding', 'rolebindings', []),
  entry('apps', 'ReplicaSet', 'replicasets', ['rs'], { generation: true, subresources: ['scale', 'status'] }),
  entry('karpenter.sh', 'NodePool', 'nodepools', [], { ...clusterWide, generation: true, subresources: ['status'] }),
  entry('karpenter.sh', 'NodeClaim', 'nodeclaims', [], { ...clusterWide, generation: true, subresources: ['status'] }),
  entry('karpenter.k8s.aws', 'EC2NodeClass', 'ec2nodeclasses', ['ec2nc', 'ec2ncs'], {
    ...clusterWide,
    generation: true,
    subresources: ['status'],
  }),
]

export const groupVersionOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`

/** @throws Error for a kind that is not in the table: a fault of the simulator. */
export function kindNamed(kind: string): Kind {
  const found = kinds.find((candidate) => candidate.kind === kind)
  if (!found) throw new Error(`the simulated API has no kind ${kind}`)
  return found
}

/** Custom resources: lists of them repeat kind and apiVersion in every item, lists of built-in kinds do not. */
export const isCustom = ({ group }: Kind): boolean => group.includes('karpenter')

export const pathOf = ({ kind, metadata }: { kind: string; metadata: { name: string; namespace?: string } }): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`
