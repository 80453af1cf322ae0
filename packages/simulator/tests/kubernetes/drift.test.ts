import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Ec2NodeClass, Node, NodeClaim, NodePool, Pod } from '../../src/kubernetes/objects.ts'
import { baked, nodeClass, nodeClassPath, nodePool, nodePoolPath } from './manifests.ts'
import { startKubernetes, type StartedKubernetes } from './start-kubernetes.ts'

let cluster: StartedKubernetes
beforeEach(async () => {
  cluster = await startKubernetes()
  await cluster.applyAll(baked())
  await setBudget('0')
  await cluster.ready(1)
})
afterEach(() => cluster.stop())

const objects = <T>(kind: string) => cluster.kubernetes.objects(kind) as unknown as readonly T[]
const claims = () => objects<NodeClaim>('NodeClaim').filter(({ metadata }) => metadata.deletionTimestamp === undefined)
const pods = () => objects<Pod>('Pod').filter(({ metadata }) => metadata.deletionTimestamp === undefined)
const driftOf = (claim: NodeClaim | undefined) => claim?.status.conditions.find(({ type }) => type === 'Drifted')?.reason

async function setBudget(nodes: string, label = 'baked'): Promise<void> {
  const pool = nodePool(label)
  const budgets = [
    { nodes: '100%', reasons: ['Empty'] },
    { nodes, reasons: ['Drifted'] },
  ]
  await cluster.apply(nodePoolPath, { ...pool, spec: { ...pool.spec, disruption: { ...pool.spec.disruption, budgets } } })
}
/** Another volume under the same name: its nodes drift. */
const changeClass = (iops: number) => {
  const { spec, ...rest } = nodeClass('snap-1')
  return cluster.apply(nodeClassPath, { ...rest, spec: { ...spec, tags: { iops } } })
}

test('a budget of nothing holds what has drifted; with one node allowed it is replaced, the new node first', async () => {
  const [old] = claims()
  await changeClass(4000)
  await cluster.until('drift', () => driftOf(claims()[0]))
  expect(driftOf(claims()[0])).toBe('NodeClassDrift')
  await cluster.clock.sleep(300)
  expect(claims().map(({ metadata }) => metadata.uid)).toEqual([old?.metadata.uid])

  await setBudget('1')
  await cluster.until('a second node', () => (claims().length === 2 ? true : undefined))
  const taints = objects<Node>('Node').find(({ metadata }) => metadata.name === old?.status.nodeName)?.spec.taints
  expect(taints).toContainEqual({ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' })
  expect(pods()[0]?.spec.nodeName).toBe(old?.status.nodeName)
  await cluster.until('the old node to go', () => (claims().some(({ metadata }) => metadata.uid === old?.metadata.uid) ? undefined : true))
  await cluster.ready(1)
  expect(pods()[0]?.spec.nodeName).toBe(claims()[0]?.status.nodeName)
  expect(driftOf(claims()[0])).toBeUndefined()
})

test('what is put back has not drifted', async () => {
  await changeClass(4000)
  await cluster.until('drift', () => driftOf(claims()[0]))
  await cluster.apply(nodeClassPath, nodeClass('snap-1'))
  await cluster.until('no drift', () => (driftOf(claims()[0]) === undefined ? true : undefined))
  expect(driftOf(claims()[0])).toBeUndefined()
})

test('pods that no new node would take keep theirs, whatever the budget', async () => {
  const [old] = claims()
  await setBudget('100%', 'another')
  await cluster.until('drift', () => driftOf(claims()[0]))
  expect(driftOf(claims()[0])).toBe('NodePoolDrifted')
  await cluster.clock.sleep(300)
  expect(claims().map(({ metadata }) => metadata.uid)).toEqual([old?.metadata.uid])
})

test('budgets alone are no drift', async () => {
  await setBudget('5')
  await cluster.clock.sleep(60)
  expect(driftOf(claims()[0])).toBeUndefined()
  expect(objects<NodePool>('NodePool')[0]?.spec.disruption?.budgets).toHaveLength(2)
})

test('a NodeClass that is deleted stays until its last node has gone', async () => {
  expect((await cluster.call('DELETE', nodeClassPath)).status).toBe(200)
  await cluster.clock.sleep(60)
  expect(objects<Ec2NodeClass>('EC2NodeClass')[0]?.metadata.deletionTimestamp).toBeDefined()
  await cluster.scale(0)
  await cluster.until('the NodeClass to go', () => (objects('EC2NodeClass').length === 0 ? true : undefined))
  expect(claims()).toEqual([])
})
