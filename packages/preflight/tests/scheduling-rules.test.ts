import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { requestsOf } from '../src/subject/pod-resources.ts'
import { judge, onPod, onPool, type Changes } from './good-subject.ts'

const pod = 'spec/template/spec'
const container = `${pod}/containers/0`
const deployment = 'Deployment default/vllm'
const reference = 'spec/template/spec/nodeClassRef'
const autoMode = { group: 'eks.amazonaws.com', kind: 'NodeClass', name: 'vllm' }
const foundReference = 'NodePool vllm spec.template.spec.nodeClassRef.group'
const gpus = (operator: string, value: string) => ({ key: 'karpenter.k8s.aws/instance-gpu-count', operator, values: [value] })
const families = { key: 'karpenter.k8s.aws/instance-category', operator: 'In', values: ['g'] }
const onlyAutoMode: Changes = {
  without: ['EC2NodeClass'],
  set: [
    ['NodePool', reference, autoMode],
    ['NodePool', 'spec/template/spec/requirements', [{ key: 'eks.amazonaws.com/instance-category', operator: 'In', values: ['g'] }]],
  ],
  subject: { snapshotId: undefined },
  facts: { snapshot: {} },
}

test.each<[rule: string, changes: Changes, place: string, words: RegExp]>([
  ['static-node-pool', onPool('spec/replicas', 3), 'NodePool vllm spec.replicas', /keeps 3 nodes and makes none for a pending pod: /],
  [
    'static-node-pool',
    {
      set: [
        ['NodePool', 'spec/replicas', 5],
        ['NodePool', 'spec/limits', { nodes: '5' }],
      ],
    },
    'NodePool vllm spec.replicas',
    /`limits\.nodes: 5` has no room/,
  ],
  ['limits-without-surge', onPool('spec/limits', { nodes: 1 }), "NodePool vllm spec.limits['nodes']", /need 2 nodes as .* the limit is 1/],
  [
    'limits-without-surge',
    onPool('spec/limits', { memory: '40Gi' }),
    "NodePool vllm spec.limits['memory']",
    /need \d+Gi memory .* the limit is 40Gi/,
  ],
  [
    'ephemeral-storage-too-large',
    onPod(`${container}/resources/requests/ephemeral-storage`, '135Gi'),
    `${deployment} spec.template.spec.containers`,
    /135Gi.*leaves 134Gi/,
  ],
  [
    'requests-fit-no-type',
    onPod(`${pod}/initContainers`, [{ name: 'sc', image: 'a/b:1', restartPolicy: 'Always', resources: { requests: { cpu: 13 } } }]),
    `${deployment} spec.template.spec.containers`,
    /^17 CPUs/,
  ],
  ['node-class-group', onPool(reference, autoMode), foundReference, /no field for a snapshot/],
  ['auto-mode', onlyAutoMode, foundReference, /image and model are pulled/],
])('%s alone is found: %j', (rule, changes, place, words) => {
  const { findings, lines } = judge(changes)
  expect(lines).toEqual([`${rule} ${place}`])
  expect(`${findings[0]?.problem} ${findings[0]?.fix}`).toMatch(words)
})

test.each<[title: string, changes: Changes]>([
  ['a limit of nodes with room', onPool('spec/limits', { nodes: 2, 'nvidia.com/gpu': 4 })],
  ['storage that fits', onPod(`${container}/resources/requests/ephemeral-storage`, '134Gi')],
  [
    'a large init container beside it',
    onPod(`${pod}/initContainers`, [{ name: 'i', image: 'a/b:1', resources: { requests: { cpu: 13 } } }]),
  ],
  ['a pool that is chosen by its name', onPod(`${pod}/nodeSelector`, { 'karpenter.sh/nodepool': 'vllm' })],
  [
    'pods of another pool on an untainted one',
    { ...onPool('spec/template/spec/taints', undefined), add: [web({ 'karpenter.sh/nodepool': 'cpu' })] },
  ],
  ['a web server that comes to the nodes', { ...onPool('spec/template/spec/taints', undefined), add: [web({})] }],
  [
    'a volume by GiB without eviction of its own',
    {
      set: [
        ['EC2NodeClass', 'spec/kubelet', { evictionHard: { 'nodefs.available': '1%' } }],
        ['Deployment', `${container}/resources/requests/ephemeral-storage`, '149Gi'],
      ],
    },
  ],
])('no finding: %s', (_title, changes) => expect(judge(changes).lines).toEqual([]))

function web(nodeSelector: object): KubernetesObject {
  const spec = { nodeSelector, containers: [{ name: 'web', image: 'nginx:1.29' }] }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec: { template: { spec } } }
}

test.each(['Gte', 'Gt'])('bounds by %s: only types with so many GPUs share a volume', (operator) => {
  const { findings } = judge(onPool('spec/template/spec/requirements', [gpus(operator, operator === 'Gte' ? '8' : '7'), families]))
  const shared = findings.find(({ rule }) => rule === 'shared-volume')
  expect(shared?.problem).toMatch(/\(8\)/)
  expect(shared?.problem).not.toMatch(/\([24]\)/)
})

test.each<[title: string, rule: string, changes: Changes]>([
  [
    'an operator',
    'shared-volume',
    {
      set: [
        ['NodePool', 'spec/template/spec/requirements', [gpus('Between', '2')]],
        ['Deployment', `${container}/resources/requests/cpu`, 500],
      ],
    },
  ],
  ['a group of NodeClasses', 'node-class-group', onPool(reference, { group: 'karpenter.azure.com', kind: 'AKSNodeClass', name: 'x' })],
  [
    'an instance store for pods',
    'ephemeral-storage-too-large',
    {
      baked: { images: [] },
      set: [
        ['EC2NodeClass', 'spec/instanceStorePolicy', 'RAID0'],
        ['Deployment', `${container}/resources/requests/ephemeral-storage`, '900Gi'],
      ],
    },
  ],
  ['a type of volume', 'volume-type-refused', { set: [['EC2NodeClass', 'spec/blockDeviceMappings/1/ebs/volumeType', 'gp9']] }],
])('not known, and not fine: %s', (_title, rule, changes) => {
  const { lines, unchecked } = judge(changes)
  expect(lines).toEqual([])
  expect(unchecked.filter((line) => line.startsWith(`${rule}: `))).toHaveLength(1)
})

test('pods of a kind that is not read', () => {
  const service = {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'llm', namespace: 'ai' },
    spec: { predictor: { model: {} } },
  }
  const { unchecked } = judge({ add: [service] })
  expect(unchecked).toContainEqual(expect.stringMatching(/^model-path-not-baked: .*InferenceService ai\/llm: /))
})

test.each<[kind: string, apiVersion: string, spec: (pod: object) => object]>([
  ['LeaderWorkerSet', 'leaderworkerset.x-k8s.io/v1', (spec) => ({ leaderWorkerTemplate: { workerTemplate: { spec } } })],
  ['CronJob', 'batch/v1', (spec) => ({ jobTemplate: { spec: { template: { spec } } } })],
  ['Rollout', 'argoproj.io/v1alpha1', (spec) => ({ template: { spec } })],
  ['StatefulSet', 'apps/v1', (spec) => ({ template: { spec } })],
])('the pods of a %s are judged', (kind, apiVersion, spec) => {
  const containers = [
    { name: 'vllm', image: 'x:1', command: ['vllm', 'serve', '/mnt/models/other'], resources: { limits: { 'nvidia.com/gpu': 1 } } },
  ]
  const pods = { nodeSelector: { 'prebake.dev/nodeclass': 'vllm' }, tolerations: [{ operator: 'Exists' }], containers }
  const { lines } = judge({ add: [{ apiVersion, kind, metadata: { name: 'x', namespace: 'default' }, spec: spec(pods) }] })
  expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^model-path-not-baked ${kind} default/x`)))
})

test('what a pod requests', () => {
  const container = (cpu: number, more = {}) => ({ resources: { requests: { cpu } }, ...more })
  const always = { restartPolicy: 'Always' }
  const cpus = (spec: Readonly<Record<string, unknown>>) => requestsOf({ spec }).cpuMillis / 1000
  expect(cpus({ containers: [container(1), container(2)] })).toBe(3)
  expect(cpus({ containers: [container(1)], initContainers: [container(5), container(2)] })).toBe(5)
  expect(cpus({ containers: [container(1)], initContainers: [container(2, always)] })).toBe(3)
  expect(cpus({ containers: [container(1)], initContainers: [container(2, always), container(5)] })).toBe(7)
  expect(cpus({ containers: [container(1)], initContainers: [container(5), container(2, always)] })).toBe(5)
  expect(cpus({ containers: [container(1)], resources: { requests: { cpu: 4 } }, overhead: { cpu: '500m' } })).toBe(4.5)
  expect(
    requestsOf({
      spec: { containers: [{ resources: { limits: { memory: '1Gi', 'nvidia.com/gpu': 2 } } }], resources: { limits: { cpu: 3 } } },
    }),
  ).toEqual({
    cpuMillis: 3000,
    memoryMiB: 1024,
    storageMiB: 0,
    gpus: 2,
  })
})

test('images of init containers and of volumes are judged as those of containers', () => {
  const { lines } = judge({
    set: [
      ['Deployment', `${pod}/initContainers`, [{ name: 'i', image: 'docker.io/vllm/vllm-openai:latest', imagePullPolicy: 'Always' }]],
      ['Deployment', `${pod}/volumes/3`, { name: 'code', image: { reference: 'docker.io/vllm/vllm-openai:latest', pullPolicy: 'Always' } }],
    ],
  })
  const [init, volume] = [`${deployment} spec.template.spec.initContainers[0]`, `${deployment} spec.template.spec.volumes[3].image`]
  expect(lines).toEqual([
    `image-latest ${init}.image`,
    `image-latest ${volume}.reference`,
    `image-pull-always ${init}.imagePullPolicy`,
    `image-pull-always ${volume}.pullPolicy`,
  ])
})
