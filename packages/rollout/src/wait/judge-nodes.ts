import { fieldsOf, nodeClassOf, nodePoolFields, numberAt, readField, type KubernetesObject } from '@prebake/manifests'
import { listReadable } from '../observe/list-readable.ts'
import { isReady, nodeNameOf } from '../observe/pod-status.ts'
import { podsOfTemplate } from '../observe/pods-of-template.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import type { Judgement } from './judge-rollout.ts'

/** Karpenter sets it on every node from the NodeClaim's nodeClassRef (pkg/controllers/provisioning/scheduling/nodeclaimtemplate.go), so it cannot lie. */
const nodeClassLabel = 'karpenter.k8s.aws/ec2nodeclass'

/**
 * Whether every ready pod runs on a node of the NodeClass that its NodePool refers to. Only Deployments that select a label which a NodePool of the set
 * gives its nodes are judged: others may run anywhere.
 * @returns undefined where that is so or cannot be known (with a warning), else the verdict: failed, or not yet.
 */
export async function judgeNodes(
  deployment: KubernetesObject,
  nodePools: readonly KubernetesObject[],
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<Judgement | undefined> {
  const selector = fieldsOf(readField(deployment, 'spec.template.spec.nodeSelector'))
  const meant = nodePools.filter((pool) => {
    const labels = nodePoolFields(pool).spec?.template?.metadata?.labels ?? {}
    return Object.entries(labels).some(([key, value]) => selector[key] === value)
  })
  if (meant.length === 0) return undefined
  const classes = new Set(meant.map(nodeClassOf))
  const [{ ours, unreadable, guessed }, nodes] = await Promise.all([
    podsOfTemplate(deployment, cluster, signal),
    listReadable(cluster, { apiVersion: 'v1', kind: 'Node', labelSelector: 'karpenter.sh/nodepool' }, signal),
  ])
  const blind = unreadable ?? ('unreadable' in nodes ? nodes.unreadable : undefined)
  if (blind !== undefined || 'unreadable' in nodes) {
    reporter.warning(`Cannot verify which nodes the pods run on: ${blind}`)
    return undefined
  }
  if (guessed !== undefined) reporter.warning(`Identifying new pods by their node selector only: ${guessed}`)
  const classOf = new Map(nodes.items.map(({ metadata }) => [metadata.name, metadata.labels?.[nodeClassLabel]]))
  const ready = ours.filter(isReady)
  const wanted = numberAt(deployment, 'spec.replicas') ?? 1
  if (ready.length < wanted) return { verdict: 'progressing', message: `${ready.length} of ${wanted} pods visible on the expected nodes` }
  for (const pod of ready) {
    const nodeName = nodeNameOf(pod) ?? ''
    const its = classOf.get(nodeName)
    if (classes.has(its)) continue
    const what = its === undefined ? 'which Karpenter did not create' : `of EC2NodeClass ${its}`
    const message = `Pod ${pod.metadata.name} runs on Node ${nodeName} ${what}, not of ${[...classes].join(' or ')}`
    return { verdict: 'failed', message }
  }
  return undefined
}
