import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { testCluster } from '../../kubernetes/tests/test-cluster.ts'
import { gatherScene } from '../src/gather-scene.ts'

const { signal } = new AbortController()
const template = { metadata: { labels: { app: 'vllm' } }, spec: { nodeSelector: { team: 'ml' } } }
const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vllm', namespace: 'ai', uid: 'u1' },
  spec: { selector: { matchLabels: { app: 'vllm' } }, template },
}
const unready = { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'SubnetsNotFound', message: 'no subnets' }] } }

/** A Deployment with a pod that has no node yet, its NodePool `vllm`, and those of another team. */
async function world() {
  const cluster = await testCluster()
  const add = (apiVersion: string, kind: string, name: string, fields: object, metadata: object = {}) =>
    cluster.add({ apiVersion, kind, metadata: { name, ...metadata }, ...fields })
  const pool = (name: string, team: string, nodeClass: string) =>
    add('karpenter.sh/v1', 'NodePool', name, {
      spec: { template: { metadata: { labels: { team } }, spec: { nodeClassRef: { kind: 'EC2NodeClass', name: nodeClass } } } },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    })
  pool('vllm', 'ml', 'vllm-1')
  pool('vllm-copy', 'other', 'theirs')
  const hash = { app: 'vllm', 'pod-template-hash': 'h' }
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'vllm', uid: 'u1' }]
  add('apps/v1', 'ReplicaSet', 'vllm-h', { spec: { template } }, { namespace: 'ai', labels: hash, ownerReferences })
  add('v1', 'Pod', 'vllm-h-1', { spec: template.spec, status: { phase: 'Pending' } }, { namespace: 'ai', labels: hash })
  let events = 0
  const event = (about: string, reason: string, type: string, message: string, reportingComponent: string) => {
    const [kind = '', name = ''] = about.split(' ')
    const fields = { type, reason, message, reportingComponent, involvedObject: { kind, name } }
    add('v1', 'Event', `e${(events += 1)}`, fields, { namespace: kind === 'Pod' ? 'ai' : 'default' })
  }
  const lines = async () => (await gatherScene(deployment, cluster, signal)).evidence.map(({ object, text }) => `${object}: ${text}`)
  return { add, event, lines }
}

const refusal = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."

test('that no node fits counts where nothing makes one', async () => {
  const { event, lines } = await world()
  event('Pod vllm-h-1', 'FailedScheduling', 'Warning', refusal, 'default-scheduler')
  expect(await lines()).toEqual([`Pod vllm-h-1: FailedScheduling: ${refusal}`])
})

test('while Karpenter makes a node for the pod, the scheduler only says that the others do not fit', async () => {
  const { event, lines } = await world()
  event('Pod vllm-h-1', 'FailedScheduling', 'Warning', refusal, 'default-scheduler')
  event('Pod vllm-h-1', 'Nominated', 'Normal', 'Pod should schedule on: nodeclaim/vllm-abcde', 'karpenter')
  expect(await lines()).toEqual([])
})

test('where Karpenter makes none, its own words count, and not those of the scheduler', async () => {
  const { event, lines } = await world()
  event('Pod vllm-h-1', 'FailedScheduling', 'Warning', refusal, 'default-scheduler')
  event('Pod vllm-h-1', 'FailedScheduling', 'Warning', 'Failed to schedule pod, all available instance types exceed limits', 'karpenter')
  expect(await lines()).toEqual(['Pod vllm-h-1: FailedScheduling: Failed to schedule pod, all available instance types exceed limits'])
})

test('what is wrong with the nodes of another team is no evidence', async () => {
  const { add, event, lines } = await world()
  add('karpenter.k8s.aws/v1', 'EC2NodeClass', 'theirs', unready)
  event('EC2NodeClass theirs', 'Warn', 'Warning', 'InvalidSnapshot.NotFound', 'karpenter')
  event('NodePool vllm-copy', 'Warn', 'Warning', 'all available instance types exceed limits', 'karpenter')
  event('NodeClaim vllm-copy-abcde', 'InsufficientCapacityError', 'Warning', 'UnfulfillableCapacity', 'karpenter')
  expect(await lines()).toEqual([])
  add('karpenter.k8s.aws/v1', 'EC2NodeClass', 'vllm-1', unready)
  event('NodeClaim vllm-abcde', 'InsufficientCapacityError', 'Warning', 'UnfulfillableCapacity', 'karpenter')
  expect(await lines()).toEqual([
    'NodeClaim vllm-abcde: InsufficientCapacityError: UnfulfillableCapacity',
    expect.stringMatching(/^EC2NodeClass vllm-1: .*no subnets/),
  ])
})
