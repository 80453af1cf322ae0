import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { digest, goodSnapshot, judge, onPod, onPool, snapshotId, type Changes } from './good-subject.ts'

const pod = 'spec/template/spec'
const container = `${pod}/containers/0`
const onClass = (path: string, value: unknown): Changes => ({ set: [['EC2NodeClass', path, value]] })
const labels = { 'prebake.dev/nodeclass': 'vllm' }

/** A workload on the nodes of the shipped NodePool. */
const workload = (kind: string, name: string, containers: readonly object[], more: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'default' },
  spec: {
    progressDeadlineSeconds: 1800,
    template: { spec: { nodeSelector: labels, tolerations: [{ operator: 'Exists' }], enableServiceLinks: false, containers, ...more } },
  },
})
const gpu = { resources: { limits: { 'nvidia.com/gpu': 1 } } }
const server = (image: string) => ({
  name: 'vllm',
  image,
  command: ['vllm', 'serve'],
  args: [goodSnapshot.baked?.modelPath, '--load-format=safetensors', '--config-format=hf'],
  env: [{ name: 'HF_HUB_OFFLINE', value: '1' }],
  startupProbe: { periodSeconds: 2, failureThreshold: 900, httpGet: { port: 8000 } },
  volumeMounts: [{ name: 'models', mountPath: '/mnt/models', readOnly: true }],
  ...gpu,
})
const models = { volumes: [{ name: 'models', hostPath: { path: '/mnt/models', type: 'Directory' } }] }
const foreignClass: KubernetesObject = {
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name: 'data' },
  spec: {
    amiSelectorTerms: [{ alias: 'al2023@latest' }],
    instanceStorePolicy: 'RAID0',
    blockDeviceMappings: [
      { deviceName: '/dev/xvda', ebs: { volumeSize: '50Gi' } },
      { deviceName: '/dev/xvdf', ebs: { snapshotID: 'snap-0foreign', volumeSize: '100Gi', volumeType: 'gp3', throughput: 600 } },
    ],
  },
}
const foreignPool: KubernetesObject = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'data' },
  spec: {
    template: {
      metadata: { labels: { pool: 'data' } },
      spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'data' }, requirements: [] },
    },
  },
}
const foreignPods = workload('Deployment', 'etl', [{ name: 'etl', image: 'etl:latest', imagePullPolicy: 'Always' }], {
  nodeSelector: { pool: 'data' },
  volumes: [{ name: 'scratch', hostPath: { path: '/local/mnt/scratch' } }],
})
const foreign: Changes = {
  add: [foreignClass, foreignPool, foreignPods],
  facts: {
    snapshot: {
      [snapshotId]: { value: goodSnapshot },
      'snap-0foreign': { value: { ...goodSnapshot, snapshotId: 'snap-0foreign', volumeSizeGiB: 100, baked: undefined } },
    },
  },
}

test.each<[title: string, changes: Changes]>([
  [
    'a sidecar that is always pulled',
    onPod(`${pod}/containers/1`, { name: 'proxy', image: 'envoyproxy/envoy:v1.30', imagePullPolicy: 'Always' }),
  ],
  ['a sidecar by latest', onPod(`${pod}/containers/1`, { name: 'log', image: 'fluent/fluent-bit:latest' })],
  ['a DaemonSet by latest', { add: [workload('DaemonSet', 'dcgm', [{ name: 'dcgm', image: 'nvcr.io/nvidia/dcgm-exporter' }])] }],
  [
    'another server that never was to use the snapshot',
    { add: [workload('Deployment', 'tgi', [{ name: 'tgi', image: 'ghcr.io/huggingface/text-generation-inference:3.0', ...gpu }])] },
  ],
  ['a model alone, on types of another architecture', { baked: { images: [], architecture: 'arm64' } }],
  ['a model alone, beside an instance store', { ...onClass('spec/instanceStorePolicy', 'RAID0'), baked: { images: [] } }],
  [
    'a VLLM_PORT of its own, which wins over a service link',
    {
      set: [
        ['Deployment', `${pod}/enableServiceLinks`, undefined],
        ['Deployment', `${container}/env/10`, { name: 'VLLM_PORT', value: '8000' }],
      ],
      add: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'vllm', namespace: 'default' }, spec: {} }],
    },
  ],
])('works, and is no finding: %s', (_title, changes) => {
  expect(judge(changes).lines).toEqual([])
})

test.each<[rule: string, severity: string, title: string, changes: Changes]>([
  ['image-pull-always', 'warning', 'the registry is asked, and what is there is used', onPod(`${container}/imagePullPolicy`, 'Always')],
  ['image-latest', 'error', 'of the baked workload itself', onPod(`${container}/image`, 'vllm/vllm-openai:latest')],
  ['image-not-baked', 'error', 'no pod uses the image of the snapshot', onPod(`${container}/image`, `ghcr.io/a/vllm@${digest}`)],
  [
    'other-image-not-baked',
    'warning',
    'a second vLLM beside the baked one',
    { add: [workload('Deployment', 'second', [server(`docker.io/vllm/vllm-openai@sha256:${'b'.repeat(64)}`)], models)] },
  ],
  ['snapshot-unverified', 'warning', 'never checked', { baked: { verified: undefined } }],
  ['snapshot-check-failed', 'error', 'checked, and found faulty', { baked: { verified: 'failed' } }],
  ['rate-beside-fast-restore', 'warning', 'costs money', { snapshot: { fastRestoreZones: { value: ['eu-west-1a'] } } }],
  ['cache-on-read-only-mount', 'error', 'vLLM crashes', onPod(`${container}/env/5/value`, '/mnt/models/cache')],
  [
    'home-on-read-only-mount',
    'warning',
    'what is written there is mostly optional',
    onPod(`${container}/env/4`, { name: 'HOME', value: '/mnt/models' }),
  ],
])('%s, %s: %s', (rule, severity, _title, changes) => {
  const { findings } = judge(changes)
  expect(findings.filter((finding) => finding.rule === rule).map((finding) => finding.severity)).toEqual([severity])
  expect(findings.filter((finding) => finding.severity === 'error' && finding.rule !== rule)).toEqual([])
})

test('a NodeClass with a snapshot of another tool, and its pods: no error, and no warning about what is on it', () => {
  const { findings } = judge(foreign)
  expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
    ['snapshot-without-record', 'warning'],
    ['lazy-volume', 'warning'],
  ])
})

test('the same NodeClass once its snapshot is the one to be rolled out', () => {
  const { findings } = judge({ ...foreign, subject: { snapshotId: 'snap-0foreign' } })
  expect(findings.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['data-device', 'not-bottlerocket', 'instance-store-raid0', 'hidden-host-path']),
  )
})

test('a NodeClass of the cluster that lacks the snapshot is judged as what it is to become: its image and policy too', () => {
  const live: KubernetesObject = {
    ...foreignClass,
    metadata: { name: 'mine' },
    spec: { ...(foreignClass['spec'] as object), blockDeviceMappings: [] },
  }
  const { findings } = judge({
    without: ['EC2NodeClass'],
    ...onPool('spec/template/spec/nodeClassRef/name', 'mine'),
    facts: { snapshot: {}, nodeClass: { mine: { value: live } } },
  })
  expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['live-node-class', 'not-bottlerocket', 'instance-store-raid0']))
})
