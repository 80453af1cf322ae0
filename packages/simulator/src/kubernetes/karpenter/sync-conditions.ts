import type { Cluster } from '../cluster.ts'
import { delayOf } from '../draws.ts'
import { fill, messageForms } from '../form.ts'
import { formatTaint } from '../matches-requirement.ts'
import type { Ec2NodeClass, NodeClaim, NodePool } from './objects.ts'
import type { Condition, Node } from '../objects.ts'
import { parseQuantity } from '../quantity.ts'
import { conditionOf, isReadyNow, isTrue, setCondition, setReady } from '../set-condition.ts'

const dependencies = ['SubnetsReady', 'SecurityGroupsReady', 'AMIsReady', 'InstanceProfileReady'] as const

/** Looks at a class that has failed again after so long, as Karpenter's cache of validations does. */
const retrySeconds = 600

/** Validates each EC2NodeClass once for each generation; removes the ones that are being deleted and have no nodes left. */
export function syncNodeClasses(cluster: Cluster): void {
  const { store, agenda } = cluster
  for (const nodeClass of store.list<Ec2NodeClass>('EC2NodeClass')) {
    const { name, uid, generation = 1, deletionTimestamp } = nodeClass.metadata
    if (deletionTimestamp !== undefined) {
      if (!store.list<NodeClaim>('NodeClaim').some(({ spec }) => spec.nodeClassRef.name === name)) store.remove(nodeClass)
      continue
    }
    if (conditionOf(nodeClass, 'Ready')?.observedGeneration === generation) continue
    agenda.soon(`validate ${uid} ${generation}`, delayOf(cluster, 'nodeClassValidation', `${name} ${generation}`), () => {
      const current = store.get<Ec2NodeClass>('EC2NodeClass', name)
      if (current?.metadata.generation === generation && current.metadata.uid === uid) validate(cluster, current)
    })
  }
}

function validate(cluster: Cluster, nodeClass: Ec2NodeClass): void {
  const { store, agenda } = cluster
  const observedGeneration = nodeClass.metadata.generation ?? 1
  const problem = problemOf(cluster, nodeClass)
  store.update(nodeClass, (draft) => {
    const conditions = structuredClone(draft.status?.conditions ?? [])
    const set = (condition: Condition) => setCondition(conditions, agenda.now(), { ...condition, observedGeneration })
    for (const type of dependencies) set({ type, status: 'True', reason: type, message: '' })
    const type = 'ValidationSucceeded'
    if (problem === undefined) set({ type, status: 'True', reason: type, message: '' })
    else set({ type, status: 'False', reason: 'RunInstancesValidationFailed', message: problem })
    setReady(conditions, agenda.now(), [...dependencies, type], observedGeneration)
    draft.status = { ...draft.status, conditions }
  })
  if (problem !== undefined) {
    agenda.soon(`validate again ${nodeClass.metadata.uid}`, retrySeconds, () => {
      const current = store.get<Ec2NodeClass>('EC2NodeClass', nodeClass.metadata.name)
      if (current && !isTrue(current, 'Ready')) validate(cluster, current)
    })
  }
}

/**
 * What the dry run of RunInstances would say, as Karpenter hands it on since 313b6150f (1.14.0 says Unknown, and the words stand in its log alone). Only
 * snapshots are looked at; roles, subnets and AMIs are taken for good.
 */
function problemOf({ snapshots }: Cluster, { spec }: Ec2NodeClass): string | undefined {
  for (const { ebs } of spec.blockDeviceMappings ?? []) {
    if (ebs?.snapshotID === undefined) continue
    const found = snapshots().find(({ snapshotId }) => snapshotId === ebs.snapshotID)
    if (!found) return fill(messageForms.snapshotNotFound, { snapshot: ebs.snapshotID })
    if (found.state !== 'completed') return fill(messageForms.snapshotNotAvailable, { snapshot: ebs.snapshotID, state: found.state })
  }
  return undefined
}

/** Tells every NodePool whether its class is ready. */
export function syncNodePools({ store, agenda }: Cluster): void {
  for (const pool of store.list<NodePool>('NodePool')) {
    const nodeClass = store.get<Ec2NodeClass>('EC2NodeClass', pool.spec.template.spec.nodeClassRef.name)
    const observedGeneration = pool.metadata.generation ?? 1
    store.update(pool, (draft) => {
      const conditions = structuredClone(draft.status?.conditions ?? [])
      const set = (condition: Condition) => setCondition(conditions, agenda.now(), { ...condition, observedGeneration })
      set({ type: 'ValidationSucceeded', status: 'True', reason: 'ValidationSucceeded', message: '' })
      const type = 'NodeClassReady'
      if (!nodeClass) set({ type, status: 'False', reason: 'NodeClassNotFound', message: messageForms.nodeClassNotFound })
      else if (isReadyNow(nodeClass)) set({ type, status: 'True', reason: type, message: '' })
      else set({ type, status: 'False', reason: 'NodeClassNotReady', message: messageForms.nodeClassNotReady })
      setReady(conditions, agenda.now(), ['ValidationSucceeded', type], observedGeneration)
      draft.status = { ...draft.status, conditions }
    })
  }
}

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
