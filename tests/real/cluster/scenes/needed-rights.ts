import type { Right } from './deploy-role.ts'
import type { Changes } from './shipped-manifests.ts'

/** Which right of deploy/infra/rbac.yaml is needed for what: each is taken away once. */

const nodeClasses = { group: 'karpenter.k8s.aws', resource: 'ec2nodeclasses' }
const nodePools = { group: 'karpenter.sh', resource: 'nodepools' }
const nodeClaims = { group: 'karpenter.sh', resource: 'nodeclaims' }
const deployments = { group: 'apps', resource: 'deployments' }
const core = (resource: string) => ({ group: '', resource })

/** Everything under another name: for a right that only a new object needs. */
const renamed = (text: string) => text.replaceAll(/^( {2}name: )(vllm|inference)$/gm, '$1other')

type Needed = Right & Pick<Changes, 'edit'>

/** Without one of these nothing is applied. */
export const neededToApply: readonly Needed[] = [
  { ...nodeClasses, verb: 'get' },
  { ...nodeClasses, verb: 'create' },
  { ...nodeClasses, verb: 'patch' },
  { ...nodePools, verb: 'get' },
  { ...nodePools, verb: 'create', edit: renamed },
  { ...nodePools, verb: 'patch' },
  { ...deployments, verb: 'get' },
  { ...deployments, verb: 'create', edit: renamed },
  { ...deployments, verb: 'patch' },
  { ...core('services'), verb: 'get' },
  { ...core('services'), verb: 'create', edit: renamed },
  { ...core('services'), verb: 'patch' },
]

/** Without one of these the preflight checks less. The edit brings about what is looked up. */
export const neededToCheck: readonly Needed[] = [
  { ...core('namespaces'), verb: 'get' },
  { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions', verb: 'get' },
  {
    group: 'autoscaling',
    resource: 'horizontalpodautoscalers',
    verb: 'list',
    edit: (text) => text.replace(/^ {2}strategy:/m, '  replicas: 1\n$&'),
  },
  { ...core('services'), verb: 'list', edit: (text) => text.replace(/^ *enableServiceLinks: false\n/m, '') },
]

/** Without one of these less is proven. */
export const neededToProve: readonly Needed[] = [
  { ...core('pods'), verb: 'list' },
  { group: 'apps', resource: 'replicasets', verb: 'list' },
  { ...core('nodes'), verb: 'list' },
]

/** Without one of these a change is seen a little later. */
export const neededToHurry: readonly Needed[] = [
  { ...deployments, verb: 'list' },
  { ...deployments, verb: 'watch' },
]

/** Without one of these old versions of the NodeClass stay. */
export const neededToTidy: readonly Needed[] = [
  { ...nodeClasses, verb: 'list' },
  { ...nodePools, verb: 'list' },
  { ...nodeClaims, verb: 'list' },
  { ...nodeClasses, verb: 'delete' },
]

/** Without these less is explained. */
export const neededToExplain: readonly Needed[] = [
  { ...core('events'), verb: 'list' },
  { ...core('pods/log'), verb: 'get' },
]

const workloads = [
  { group: 'apps', resource: 'statefulsets' },
  { group: 'leaderworkerset.x-k8s.io', resource: 'leaderworkersets' },
  { group: 'serving.kserve.io', resource: 'inferenceservices' },
  { group: 'argoproj.io', resource: 'rollouts' },
]

/** Not of these rollouts: of a benchmark, of a cluster with KEDA, of a rollback whose node never became usable, of workloads that are no Deployments. */
export const neededElsewhere: readonly Needed[] = [
  ...workloads.flatMap((workload) => ['get', 'list', 'watch', 'create', 'patch'].map((verb) => ({ ...workload, verb }))),
  { group: 'apps', resource: 'controllerrevisions', verb: 'list' },
  { ...core('pods'), verb: 'delete' },
  { ...nodeClaims, verb: 'delete' },
  { ...nodeClaims, verb: 'watch' },
  { ...nodePools, verb: 'delete' },
  { ...deployments, verb: 'delete' },
  { ...core('pods/portforward'), verb: 'get' },
  { ...core('pods/portforward'), verb: 'create' },
  { ...core('nodes'), verb: 'watch' },
  { ...core('events'), verb: 'watch' },
  { ...core('pods'), verb: 'watch' },
  { ...core('pods'), verb: 'get' },
  { group: 'apps', resource: 'deployments/scale', verb: 'patch' },
  { group: 'keda.sh', resource: 'scaledobjects', verb: 'list' },
]
