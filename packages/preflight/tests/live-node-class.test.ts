import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { preflight, type PreflightPorts } from '../src/index.ts'
import { goodSnapshot, shippedManifests, snapshotId } from './good-subject.ts'
import { simulatorReader } from './simulator-reader.ts'

const { signal } = new AbortController()
let simulator: Simulator
beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(() => simulator.stop())

const nodePool = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'gpu' },
  spec: {
    template: {
      metadata: { labels: { 'prebake.dev/nodeclass': 'vllm' } },
      spec: {
        nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'mine' },
        requirements: [{ key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['g6.2xlarge'] }],
      },
    },
  },
}
const gp3 = { volumeType: 'gp3', iops: 3000, throughput: 600, volumeInitializationRate: 300 }

test.each<[title: string, spec: object]>([
  ['no mappings', {}],
  ['a data volume that is too small', { blockDeviceMappings: [{ deviceName: '/dev/xvdb', ebs: { ...gp3, volumeSize: '50Gi' } }] }],
  [
    'a data volume of the image’s own type',
    { blockDeviceMappings: [{ deviceName: '/dev/xvdb', ebs: { volumeSize: '80Gi', throughput: 300 } }] },
  ],
  [
    'another snapshot',
    { blockDeviceMappings: [{ deviceName: '/dev/xvdb', ebs: { ...gp3, volumeSize: '200Gi', snapshotID: 'snap-0old' } }] },
  ],
  [
    'an instance store over the images',
    { instanceStorePolicy: 'RAID0', blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: '4Gi' } }] },
  ],
])('the patch for a NodeClass of the cluster leaves one that has no finding: %s', async (_title, spec) => {
  const cluster = simulatorReader(simulator)
  const nodeClass = {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name: 'mine' },
    spec: {
      role: 'node',
      amiSelectorTerms: [{ alias: 'bottlerocket@v1.69.0' }],
      subnetSelectorTerms: [{ tags: { a: 'b' } }],
      securityGroupSelectorTerms: [{ tags: { a: 'b' } }],
      ...spec,
    },
  }
  for (const object of [nodeClass, nodePool]) await cluster.apply(object)
  const ports: PreflightPorts = {
    cluster,
    snapshots: { region: 'us-west-2', describe: (id) => Promise.resolve(id === snapshotId ? goodSnapshot : undefined) },
    quotas: { vcpus: () => Promise.resolve(640) },
    machineImages: { region: 'us-west-2', find: () => Promise.resolve('ami-1') },
  }
  const look = async () => (await preflight({ manifests: shippedManifests(['deployment.yaml']), snapshotId }, ports, signal)).findings
  const finding = (await look()).find(({ rule }) => rule === 'live-node-class')
  const [, name = '', patch = ''] = /`kubectl patch ec2nodeclass (\S+) --type=merge -p='(.*)'`/.exec(finding?.fix ?? '') ?? []
  await cluster.mergePatch('/apis/karpenter.k8s.aws/v1/ec2nodeclasses', name, patch)
  expect(await look()).toEqual([])
})

test('a NodeClass of another machine image is not patched: the pods need one of their own', async () => {
  const cluster = simulatorReader(simulator)
  const terms = { subnetSelectorTerms: [{ tags: { a: 'b' } }], securityGroupSelectorTerms: [{ tags: { a: 'b' } }] }
  const spec = { role: 'node', amiSelectorTerms: [{ alias: 'al2023@latest' }], instanceStorePolicy: 'RAID0', ...terms }
  await cluster.apply({ apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', metadata: { name: 'mine' }, spec })
  await cluster.apply(nodePool)
  const { findings } = await preflight({ manifests: shippedManifests(['deployment.yaml']), snapshotId }, { cluster }, signal)
  expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['live-node-class', 'not-bottlerocket', 'instance-store-raid0']))
  expect(findings.find(({ rule }) => rule === 'live-node-class')?.fix).not.toContain('kubectl patch')
})
