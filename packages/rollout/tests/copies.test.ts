import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Clock } from '@prebake/kernel'
import { isolateManifests, readManifests } from '@prebake/manifests'
import {
  awaitNoSpareNodes,
  costOf,
  createCopy,
  endEmptyNodes,
  findCopies,
  isLost,
  removalCommand,
  removeCopies,
  type Cluster,
} from '../src/index.ts'
import { simulatedCluster } from '../../kubernetes/tests/simulated-cluster.ts'
import { recordingReporter } from './recording-reporter.ts'

const signal = AbortSignal.any([])
const folder = join(import.meta.dirname, '../../../deploy/vllm/baseline')
let simulator: Awaited<ReturnType<typeof simulatedCluster>>['simulator']
let ports: { cluster: Cluster; clock: Clock; reporter: ReturnType<typeof recordingReporter> }
beforeAll(async () => {
  const scene = await simulatedCluster()
  simulator = scene.simulator
  ports = { cluster: scene.cluster, clock: scene.clock, reporter: recordingReporter() }
})
afterAll(() => simulator.stop())

const kinds = ['Deployment', 'NodePool', 'EC2NodeClass', 'NodeClaim', 'Pod']
const count = () => Object.fromEntries(kinds.map((kind) => [kind, simulator.kubernetes.objects(kind).length]))

function copyOf(owner: string, replicas: number) {
  const files = ['nodeclass.yaml', 'nodepool.yaml', 'deployment.yaml']
  const manifests = readManifests(
    files.map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') })),
    { NODE_ROLE: 'node', CLUSTER_NAME: 'demo', VLLM_IMAGE: simulator.demoInputs['images'] ?? '' },
  )
  const lostAfter = new Date(ports.clock.now().getTime() + 3_600_000)
  return isolateManifests(manifests, { owner, copy: 'candidate', namespace: 'default', replicas, lostAfter })
}

async function until(look: () => boolean): Promise<void> {
  for (let polls = 0; !look(); polls++) {
    if (polls > 1000) throw new Error(JSON.stringify(count()))
    await simulator.sleep(3)
  }
}
const ready = () =>
  simulator.kubernetes.objects('Pod').filter((pod) => JSON.stringify(pod).includes('"type":"Ready","status":"True"')).length

test('a copy starts on nodes of its own, gives back the empty ones, and leaves nothing', async () => {
  const copy = copyOf('run-1-0badcafe', 2)
  await createCopy({ copy, run: 'run-1', timeoutMs: 600_000 }, ports, signal)
  await until(() => ready() === 2)
  expect(count()).toEqual({ Deployment: 1, NodePool: 1, EC2NodeClass: 1, NodeClaim: 2, Pod: 2 })

  const reference = { apiVersion: 'apps/v1', kind: 'Deployment', ...copy.deployment }
  const [deployment] = copy.manifests.filter(({ document }) => document.kind === 'Deployment')
  if (deployment === undefined) throw new Error('no Deployment')
  const { document } = deployment
  await ports.cluster.apply(
    { ...document, spec: { ...(document['spec'] as object), replicas: 1 } },
    { dryRun: false, force: false },
    signal,
  )
  await until(() => simulator.kubernetes.objects('Pod').length === 1)
  // Karpenter keeps an empty node of a copy; the run ends it.
  expect(await endEmptyNodes({ nodePool: copy.nodePool, owner: 'run-1-0badcafe', namespace: 'default' }, ports, signal)).toBe(1)
  expect(count()).toMatchObject({ NodeClaim: 1, Pod: 1 })

  const { objects, nodeClaims } = await findCopies({ namespace: 'default', owner: 'run-1-0badcafe' }, ports.cluster, signal)
  expect([objects.map(({ kind }) => kind), nodeClaims.length]).toEqual([['Deployment', 'NodePool', 'EC2NodeClass'], 1])
  expect(objects.map((object) => isLost(object, ports.clock.now()))).toEqual([false, false, false])
  expect(objects.every((object) => isLost(object, new Date(ports.clock.now().getTime() + 4_000_000)))).toBe(true)

  expect(await removeCopies({ owner: 'run-1-0badcafe', namespace: 'default', wait: true }, ports, signal)).toBe(3)
  expect(count()).toEqual({ Deployment: 0, NodePool: 0, EC2NodeClass: 0, NodeClaim: 0, Pod: 0 })
  expect(await ports.cluster.get(reference, signal)).toBeUndefined()
  expect(await removeCopies({ owner: 'run-1-0badcafe', namespace: 'default', wait: true }, ports, signal)).toBe(0)
})

test('nodes that do not go are named, with what they cost and the command that ends them', async () => {
  const stuck = {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: { name: 'stuck', labels: { 'node.kubernetes.io/instance-type': 'g6.2xlarge' } },
  }
  const cluster: Cluster = { ...ports.cluster, list: async ({ kind }) => (kind === 'NodeClaim' ? [stuck] : []) }
  const removing = removeCopies({ owner: 'run-2', namespace: 'default', wait: true }, { ...ports, cluster }, signal)
  await expect(removing).rejects.toMatchObject({
    errorCode: 'copies-remain',
    hint: expect.stringContaining(removalCommand('run-2', 'default')),
  })
  await expect(removing).rejects.toMatchObject({
    message: expect.stringContaining('NodeClaim stuck'),
    hint: expect.stringContaining('about $0.98 an hour'),
  })
})

test('empty nodes that do not go, and nodes that others keep, end the wait', async () => {
  const labels = { 'karpenter.sh/nodepool': 'pool' }
  const claim = (name: string) => ({
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: { name, labels },
    status: { nodeName: name },
  })
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'vllm-0' }, spec: { nodeName: 'busy' } }
  const cluster: Cluster = {
    ...ports.cluster,
    list: async ({ kind }) => (kind === 'Pod' ? [pod] : [claim('busy'), claim('spare')]),
    remove: async () => true,
  }
  const where = { nodePool: 'pool', owner: 'run-3', namespace: 'default' }
  await expect(endEmptyNodes(where, { ...ports, cluster }, signal)).rejects.toMatchObject({ errorCode: 'copy-nodes-remain' })
  const spare = { namespace: 'default', podSelector: 'app=vllm', timeoutMs: 60_000 }
  await expect(awaitNoSpareNodes(spare, { ...ports, cluster }, signal)).rejects.toMatchObject({ errorCode: 'spare-nodes-remain' })
  const full: Cluster = { ...cluster, list: async ({ kind }) => (kind === 'Pod' ? [pod] : [claim('busy')]) }
  expect(await awaitNoSpareNodes(spare, { ...ports, cluster: full }, signal)).toEqual(['pool'])
})

test('a price is a sum of what is known', () => {
  expect(costOf(['g6.2xlarge', 'g6.2xlarge'])).toBe('about $1.96 an hour')
  expect(costOf(['g6.2xlarge', undefined])).toBe('at least $0.98 an hour')
  expect(costOf(['x9.large'])).toBe('at a price that is not known')
})
