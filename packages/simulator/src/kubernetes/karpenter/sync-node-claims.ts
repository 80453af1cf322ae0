import type { Cluster } from '../cluster.ts'
import { fill, messageForms } from '../form.ts'
import { formatTaint } from '../matches-requirement.ts'
import type { Condition, Node, NodeClaim } from '../objects.ts'
import { parseQuantity } from '../quantity.ts'
import { isTrue, setCondition, setReady } from '../set-condition.ts'

/**
 * Registered and Initialized follow from what the Node shows (karpenter pkg/controllers/nodeclaim/lifecycle): while Initialized is unknown, its reason
 * walks NodeNotFound, NodeNotReady, StartupTaintsExist, ResourceNotRegistered.
 */
export function syncNodeClaims({ store, agenda }: Cluster): void {
  for (const claim of store.list<NodeClaim>('NodeClaim')) {
    if (!isTrue(claim, 'Launched') || claim.metadata.deletionTimestamp !== undefined) continue
    const node = store.list<Node>('Node').find(({ spec }) => spec.providerID === claim.status.providerID)
    const obstacle = isTrue(claim, 'Initialized') ? undefined : obstacleTo(claim, node)
    store.update(claim, (draft) => {
      const set = (condition: Condition) => setCondition(draft.status.conditions, agenda.now(), { ...condition, observedGeneration: 1 })
      const nodeNotFound = { status: 'Unknown', reason: 'NodeNotFound', message: messageForms.nodeNotFound } as const
      set({ type: 'Registered', ...(node ? { status: 'True', reason: 'Registered', message: '' } : nodeNotFound) })
      set({
        type: 'Initialized',
        ...(obstacle ? { status: 'Unknown', ...obstacle } : { status: 'True', reason: 'Initialized', message: '' }),
      })
      setReady(draft.status.conditions, agenda.now(), ['Launched', 'Registered', 'Initialized'], 1)
      if (node) draft.status.nodeName = node.metadata.name
    })
    if (node && obstacle === undefined) {
      store.update(node, (draft) => {
        draft.metadata.labels = { ...draft.metadata.labels, 'karpenter.sh/initialized': 'true' }
      })
    }
  }
}

function obstacleTo({ spec }: NodeClaim, node: Node | undefined): { reason: string; message: string } | undefined {
  if (!node) return { reason: 'NodeNotFound', message: messageForms.nodeNotFound }
  if (!isTrue(node, 'Ready')) return { reason: 'NodeNotReady', message: messageForms.nodeNotReady }
  const taint = spec.startupTaints?.find(({ key, effect }) =>
    node.spec.taints?.some((there) => there.key === key && there.effect === effect),
  )
  if (taint) return { reason: 'StartupTaintsExist', message: fill(messageForms.startupTaint, { taint: formatTaint(taint) }) }
  const missing = Object.keys(spec.resources.requests).find((name) => parseQuantity(node.status.allocatable[name]) === 0)
  if (missing !== undefined)
    return { reason: 'ResourceNotRegistered', message: fill(messageForms.resourceNotRegistered, { resource: missing }) }
  return undefined
}
