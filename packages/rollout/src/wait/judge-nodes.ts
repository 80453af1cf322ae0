import { fieldsOf, nodeClassOf, nodePoolFields, numberAt, readField, type KubernetesObject } from '@prebake/manifests'
import { listReadable } from '../observe/list-readable.ts'
import { isReady, nodeNameOf } from '../observe/pod-status.ts'
import { podsOfTemplate } from '../observe/pods-of-template.ts'
import type { Cluster } from '../ports/cluster.ts'
import type { Judgement } from './judge-rollout.ts'

/** Karpenter sets it on every node from the NodeClaim's nodeClassRef (pkg/controllers/provisioning/scheduling/nodeclaimtemplate.go), so it cannot lie. */
const nodeClassLabel = 'karpenter.k8s.aws/ec2nodeclass'

export interface NodesJudgement extends Judgement {
  /** What the verdict does not cover, for a warning. */
  readonly caveat?: string
}

/**
 * Whether every ready pod runs on a node of the NodeClass that its NodePool refers to. Only Deployments that select a label which a NodePool of the set
 * gives its nodes are judged: others may run anywhere. Where this role may not read nodes or pods it is complete, with a caveat; where they cannot be
 * read this time, it is not complete yet.
 */
export async function judgeNodes(
  deployment: KubernetesObject,
  nodePools: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<NodesJudgement> {
  const classes = new Set(poolsFor(deployment, nodePools).map(nodeClassOf))
  if (classes.size === 0) return { verdict: 'complete', message: '' }
  const [{ ours, unreadable, guessed }, nodes] = await Promise.all([
    podsOfTemplate(deployment, cluster, signal),
    listReadable(cluster, { apiVersion: 'v1', kind: 'Node', labelSelector: 'karpenter.sh/nodepool' }, signal),
  ])
  const blind = [unreadable, 'unreadable' in nodes ? nodes.unreadable : undefined, guessed].filter((each) => each !== undefined)
  const failed = blind.find(({ cause }) => cause === 'failed')
  if (failed !== undefined) return { verdict: 'progressing', message: failed.reason }
  if (unreadable !== undefined || 'unreadable' in nodes)
    return { verdict: 'complete', message: '', caveat: `Cannot verify which nodes the pods run on: ${blind[0]?.reason}` }
  const caveat = guessed && { caveat: `Identifying new pods by their node selector only: ${guessed.reason}` }

  const ready = ours.filter(isReady)
  const wanted = numberAt(deployment, 'spec.replicas') ?? 1
  if (ready.length < wanted) return { verdict: 'progressing', message: `${ready.length} of ${wanted} pods visible on the expected nodes` }
  const misplaced = findMisplaced(ready, nodes.items, classes)
  return misplaced === undefined ? { verdict: 'complete', message: '', ...caveat } : { verdict: 'failed', message: misplaced, ...caveat }
}

/** The NodePools whose nodes the Deployment's pods select. */
function poolsFor(deployment: KubernetesObject, nodePools: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const selector = fieldsOf(readField(deployment, 'spec.template.spec.nodeSelector'))
  return nodePools.filter((pool) => {
    const labels = nodePoolFields(pool).spec?.template?.metadata?.labels ?? {}
    return Object.entries(labels).some(([key, value]) => selector[key] === value)
  })
}

function findMisplaced(
  pods: readonly KubernetesObject[],
  nodes: readonly KubernetesObject[],
  classes: ReadonlySet<string | undefined>,
): string | undefined {
  const classOf = new Map(nodes.map(({ metadata }) => [metadata.name, metadata.labels?.[nodeClassLabel]]))
  for (const pod of pods) {
    const nodeName = nodeNameOf(pod) ?? ''
    const actual = classOf.get(nodeName)
    if (classes.has(actual)) continue
    const which = actual === undefined ? 'which Karpenter did not create' : `of EC2NodeClass ${actual}`
    return `Pod ${pod.metadata.name} runs on Node ${nodeName} ${which}, not of ${[...classes].join(' or ')}`
  }
  return undefined
}
