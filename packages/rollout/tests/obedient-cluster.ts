import type { Clock } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import { steppingClock } from './stepping-clock.ts'
import { testCluster, type TestCluster } from '../../kubernetes/tests/test-cluster.ts'

type Spec = {
  readonly replicas?: number
  readonly template: {
    readonly spec: { readonly nodeSelector: Record<string, string>; readonly containers: readonly { readonly image: string }[] }
  }
}

export interface Obedience {
  /** Whether pods with this image crash. */
  readonly crashes?: (image: string) => boolean
  /** Whether a NodeClass never gets Ready. */
  readonly unready?: (nodeClass: KubernetesObject) => boolean
  /** The NodeClass that a node says it is of, whatever its pod selects. */
  readonly lies?: string
  /** Done in each step, first. */
  readonly step?: (cluster: TestCluster, seconds: number) => void
  /** What requests meet from the start. */
  readonly faults?: readonly Parameters<TestCluster['inject']>[0][]
}

/** Seconds from a new template to its pods. */
const startSeconds = 20

/** A cluster whose controllers do within seconds what they are asked to, and the clock that makes them. */
export async function obedientCluster(obedience: Obedience = {}): Promise<{ readonly cluster: TestCluster; readonly clock: Clock }> {
  const cluster = await testCluster()
  for (const fault of obedience.faults ?? []) cluster.inject(fault)
  let seen = ''
  let since = 0
  // What was done last: an object that has not changed since needs nothing more.
  const done = new Map<string, string>()
  const once = (what: string, state: string, act: () => void) => {
    if (done.get(what) === state) return
    done.set(what, state)
    act()
  }
  const clock = steppingClock((seconds) => {
    obedience.step?.(cluster, seconds)
    for (const object of [...cluster.all('EC2NodeClass'), ...cluster.all('NodePool')]) {
      const ready = !(object.kind === 'EC2NodeClass' && obedience.unready?.(object))
      const condition = { type: 'Ready', status: ready ? 'True' : 'False', observedGeneration: object.metadata.generation }
      once(`${object.kind} ${object.metadata.name} ${object.metadata.uid}`, JSON.stringify(condition), () =>
        cluster.change(object.kind, { status: { conditions: [condition] } }, { name: object.metadata.name }),
      )
    }
    const [deployment] = cluster.all('Deployment')
    if (deployment === undefined) return
    const spec = deployment['spec'] as Spec
    const template = JSON.stringify(spec.template)
    if (template !== seen) [seen, since] = [template, seconds]
    const started = seconds - since >= startSeconds
    once('Deployment', JSON.stringify([started, deployment.metadata.generation, deployment.metadata.uid]), () => {
      if (started) return startPods(cluster, spec, obedience)
      cluster.change('Deployment', {
        status: { observedGeneration: deployment.metadata.generation, updatedReplicas: 0, replicas: spec.replicas },
      })
    })
  })
  return { cluster, clock }
}

function startPods(cluster: TestCluster, { replicas = 1, template }: Spec, { crashes, lies }: Obedience): void {
  const crashing = crashes?.(template.spec.containers[0]?.image ?? '') ?? false
  while (cluster.all('Pod').length > 0) cluster.drop('Pod')
  const nodeClass = template.spec.nodeSelector['prebake.dev/nodeclass'] ?? ''
  const node = `node-of-${nodeClass}`
  const nodeLabels = { 'karpenter.sh/nodepool': 'vllm', 'karpenter.k8s.aws/ec2nodeclass': lies ?? nodeClass }
  const labels = replicaSetFor(cluster, template)
  if (!cluster.all('Node').some(({ metadata }) => metadata.name === node))
    cluster.add({ apiVersion: 'v1', kind: 'Node', metadata: { name: node, labels: nodeLabels } })
  const claim = { name: `claim-of-${node}`, labels: nodeLabels }
  if (!cluster.all('NodeClaim').some(({ metadata }) => metadata.name === claim.name))
    cluster.add({ apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim', metadata: claim, status: { nodeName: node } })
  const crashed = { waiting: { reason: 'CrashLoopBackOff' } }
  const status = crashing
    ? {
        phase: 'Running',
        containerStatuses: [{ name: 'vllm', restartCount: 3, state: crashed, lastState: { terminated: { exitCode: 1 } } }],
      }
    : { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
  for (let index = 0; index < replicas; index += 1) {
    const metadata = { name: `vllm-${index}`, namespace: 'default', labels }
    cluster.add({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: node, ...template.spec }, status })
  }
  const { generation } = cluster.find('Deployment').metadata
  const count = crashing ? 0 : replicas
  const counts = { replicas, updatedReplicas: replicas, readyReplicas: count, availableReplicas: count }
  cluster.change('Deployment', { status: { observedGeneration: generation, ...counts } })
}

/** The ReplicaSet of the template, made if there is none. @returns its pods' labels. */
function replicaSetFor(cluster: TestCluster, template: Spec['template']): Record<string, string> {
  const deployment = cluster.find('Deployment')
  const has = (set: KubernetesObject) => JSON.stringify((set['spec'] as Spec).template) === JSON.stringify(template)
  const found = cluster.all('ReplicaSet').find(has)
  const hash = found?.metadata.labels?.['pod-template-hash'] ?? `hash${cluster.all('ReplicaSet').length}`
  const labels = { app: 'vllm', 'pod-template-hash': hash }
  const ownerReferences = [{ kind: 'Deployment', name: 'vllm', uid: deployment.metadata.uid ?? '' }]
  const metadata = { name: `vllm-${hash}`, namespace: 'default', labels, ownerReferences }
  if (found === undefined) cluster.add({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: { template } })
  return labels
}
