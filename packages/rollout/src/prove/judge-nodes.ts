import { isReady } from '../describe-pods.ts'
import { type KubernetesObject, nodeClassOf, nodePoolFields } from '@prebake/manifests'
import { ourPods } from '../list-pods.ts'
import { listReadable } from '../list-readable.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import type { Judgement } from './judge-rollout.ts'

/** Karpenter sets it on every node from the NodeClaim's nodeClassRef (pkg/controllers/provisioning/scheduling/nodeclaimtemplate.go), so it cannot lie. */
const nodeClassLabel = 'karpenter.k8s.aws/ec2nodeclass'

/**
 * Whether every ready pod runs on a node of the NodeClass that its NodePool names. Only Deployments that select a label which a NodePool of the set gives
 * its nodes are asked: others may run anywhere.
 * @returns undefined where that holds or cannot be known (then told), else the verdict: failed, or not yet.
 */
export async function judgeNodes(
  deployment: KubernetesObject,
  nodePools: readonly KubernetesObject[],
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<Judgement | undefined> {
  const selector = nodeSelectorOf(deployment)
  const meant = nodePools.filter((pool) => {
    const labels = nodePoolFields(pool).spec?.template?.metadata?.labels ?? {}
    return Object.entries(labels).some(([key, value]) => selector[key] === value)
  })
  if (meant.length === 0) return undefined
  const classes = new Set(meant.map(nodeClassOf))
  const [{ ours, unreadable, guessed }, nodes] = await Promise.all([
    ourPods(deployment, cluster, signal),
    listReadable(cluster, { apiVersion: 'v1', kind: 'Node', labelSelector: 'karpenter.sh/nodepool' }, signal),
  ])
  const blind = unreadable ?? ('unreadable' in nodes ? nodes.unreadable : undefined)
  if (blind !== undefined || 'unreadable' in nodes) {
    reporter.warning(`Not proven on which nodes the pods run: ${blind}`)
    return undefined
  }
  if (guessed !== undefined) reporter.warning(`Pods of the new template are told from old ones by their node selector alone: ${guessed}`)
  const classOf = new Map(nodes.items.map(({ metadata }) => [metadata.name, metadata.labels?.[nodeClassLabel]]))
  const ready = ours.filter(isReady)
  const { replicas: wanted = 1 } = (deployment['spec'] ?? {}) as { readonly replicas?: number }
  if (ready.length < wanted) return { verdict: 'progressing', words: `${ready.length} of ${wanted} pods are to be seen on their nodes` }
  for (const pod of ready) {
    const { nodeName = '' } = (pod['spec'] ?? {}) as { readonly nodeName?: string }
    const its = classOf.get(nodeName)
    if (classes.has(its)) continue
    const what = its === undefined ? 'which Karpenter did not make' : `of EC2NodeClass ${its}`
    return { verdict: 'failed', words: `Pod ${pod.metadata.name} runs on Node ${nodeName} ${what}, not of ${[...classes].join(' or ')}` }
  }
  return undefined
}

function nodeSelectorOf(deployment: KubernetesObject): Readonly<Record<string, string>> {
  const { template } = (deployment['spec'] ?? {}) as {
    readonly template?: { readonly spec?: { readonly nodeSelector?: Readonly<Record<string, string>> } }
  }
  return template?.spec?.nodeSelector ?? {}
}
