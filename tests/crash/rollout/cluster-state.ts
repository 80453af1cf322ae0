import { isDeepStrictEqual } from 'node:util'
import type { Simulator } from '@prebake/simulator'
import { readyPods } from './rollout-world.ts'

const label = 'prebake.dev/nodeclass'
const written = [
  { nodes: '100%', reasons: ['Empty'] },
  { nodes: '1', reasons: ['Drifted'] },
]

interface NodePool {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec: {
    readonly disruption: { readonly budgets: unknown }
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: { readonly nodeClassRef: { readonly name: string } }
    }
  }
}
interface Deployment {
  readonly metadata: { readonly generation: number }
  readonly spec: { readonly template: { readonly spec: { readonly nodeSelector: Readonly<Record<string, string>> } } }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly availableReplicas?: number
  }
}
interface Node {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
}

/** NodePool and Deployment as the API server has them. */
export interface ClusterState {
  readonly nodeClass: string
  readonly template: unknown
  readonly paused: boolean
}

/** How far a rollout has come that began at a state: nothing switched, all of it, or a part. */
export type Switch = 'old' | 'new' | 'half'

export function stateOf(simulator: Simulator): ClusterState {
  const { pool, deployment } = read(simulator)
  return {
    nodeClass: pool.spec.template.spec.nodeClassRef.name,
    template: deployment.spec.template,
    paused: pool.metadata.annotations?.['prebake.dev/held'] !== undefined,
  }
}

export function switchOf(now: ClusterState, was: ClusterState): Switch {
  const [pool, deployment] = [now.nodeClass !== was.nodeClass, !isDeepStrictEqual(now.template, was.template)]
  return pool === deployment ? (pool ? 'new' : 'old') : 'half'
}

/** What is not as it must be between two runs, in words: a pause, a half switch, a version that does not serve, a node that costs money for nothing. */
export function faultsOf(simulator: Simulator, was: ClusterState): readonly string[] {
  const { pool, deployment } = read(simulator)
  const state = stateOf(simulator)
  const { metadata, spec } = pool.spec.template
  const pods = readyPods(simulator)
  const nodes = (simulator.kubernetes.objects('Node') as unknown as readonly Node[]).filter(
    ({ metadata: { labels } }) => labels['karpenter.sh/nodepool'] === 'vllm',
  )
  const classOf = (name: string | undefined) =>
    nodes.find((node) => node.metadata.name === name)?.metadata.labels['karpenter.k8s.aws/ec2nodeclass']
  const misplaced = pods.filter((pod) => classOf(pod.spec.nodeName) !== state.nodeClass)
  const { replicas, updatedReplicas, availableReplicas, observedGeneration } = deployment.status ?? {}
  const complete =
    observedGeneration === deployment.metadata.generation && [replicas, updatedReplicas, availableReplicas].every((count) => count === 1)
  return [
    ...(state.paused || !isDeepStrictEqual(pool.spec.disruption.budgets, written) ? ['the NodePool is paused'] : []),
    ...(switchOf(state, was) === 'half' || deployment.spec.template.spec.nodeSelector[label] !== metadata.labels[label]
      ? ['half switched']
      : []),
    ...(metadata.labels[label] === spec.nodeClassRef.name ? [] : ["the NodePool's label lies"]),
    ...(complete ? [] : ['the Deployment is not rolled out']),
    ...(pods.length > 0 && misplaced.length === 0 ? [] : ['no pod serves on a node of the NodePool']),
    ...(nodes.length === 1 ? [] : [`${nodes.length} nodes for one pod`]),
  ]
}

function read({ kubernetes }: Simulator): { readonly pool: NodePool; readonly deployment: Deployment } {
  const [pool] = kubernetes.objects('NodePool') as unknown as readonly NodePool[]
  const [deployment] = kubernetes.objects('Deployment') as unknown as readonly Deployment[]
  if (pool === undefined || deployment === undefined) throw new Error('No NodePool and Deployment to look at.')
  return { pool, deployment }
}
