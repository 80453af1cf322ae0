import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { isolateManifests, readManifests, type KubernetesObject, type Manifest } from '../src/index.ts'

const folder = join(import.meta.dirname, '../../../deploy/vllm')
const shipped = readManifests(
  ['nodeclass.yaml', 'nodepool.yaml', 'deployment.yaml', 'service.yaml'].map((path) => ({
    path,
    text: readFileSync(join(folder, path), 'utf8'),
  })),
  {
    SNAPSHOT_ID: 'snap-0123456789abcdef0',
    NODE_ROLE: 'vllm-node',
    CLUSTER_NAME: 'demo',
    VLLM_IMAGE: 'docker.io/vllm/vllm-openai:v0.11.0',
    MODEL_PATH: '/mnt/models/hf-cache/hub/models--a--b/snapshots/c',
    BOTTLEROCKET_VERSION: '1.69.0',
    VOLUME_SIZE: '150Gi',
  },
)
const isolation = {
  owner: '4711-1-0badcafe',
  copy: 'candidate',
  namespace: 'default',
  replicas: 1,
  lostAfter: new Date('2026-01-01T13:00:00Z'),
}

function copyOf(manifests: readonly Manifest[] = shipped) {
  const copy = isolateManifests(manifests, isolation)
  const documents = copy.manifests.map(({ document }) => document)
  const [nodeClass, nodePool, deployment] = ['EC2NodeClass', 'NodePool', 'Deployment'].map((kind) =>
    documents.find((document) => document.kind === kind),
  ) as [KubernetesObject, KubernetesObject, KubernetesObject]
  return { ...copy, documents, nodeClass, nodePool, deployment, target: copy.deployment }
}

/** The Deployment with changes to its pod template's spec. */
const withPod = (pod: object, extra: readonly Manifest[] = []): readonly Manifest[] => [
  ...shipped.map((manifest): Manifest => {
    if (manifest.document.kind !== 'Deployment') return manifest
    const document = structuredClone(manifest.document) as KubernetesObject & { spec: { template: { spec: object } } }
    Object.assign(document.spec.template.spec, pod)
    return { ...manifest, document }
  }),
  ...extra,
]
const podOf = (deployment: KubernetesObject) =>
  (deployment as unknown as { spec: { template: { spec: Record<string, never> } } }).spec.template.spec
const code = (errorCode: string) => expect.objectContaining({ errorCode })

test('every copied object has a name of its own, the run that made it, and no label or annotation of the original', () => {
  const { documents, leftOut } = copyOf()
  expect(documents.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
    ['EC2NodeClass', expect.stringMatching(/^vllm-[0-9a-f]{10}-0badcafe-candidate$/)],
    ['NodePool', 'vllm-0badcafe-candidate'],
    ['Deployment', 'vllm-0badcafe-candidate'],
  ])
  for (const { metadata } of documents) {
    expect(metadata.labels).toEqual({ 'prebake.dev/benchmark': '4711-1-0badcafe', 'prebake.dev/benchmark-copy': 'candidate' })
    expect(metadata.annotations).toEqual({ 'prebake.dev/benchmark-lost-after': '2026-01-01T13:00:00.000Z' })
  }
  expect(leftOut).toEqual(['Service inference'])
})

test('no selector of the original selects the pods of the copy', () => {
  const { deployment } = copyOf()
  const labels = { 'prebake.dev/benchmark': '4711-1-0badcafe', 'prebake.dev/benchmark-copy': 'candidate' }
  expect(deployment).toMatchObject({ spec: { replicas: 1, selector: { matchLabels: labels } } })
  expect(deployment).toHaveProperty('spec.template.metadata.labels', labels)
})

test('the nodes are of the NodeClass of the copy, take its pods alone, and stay until the run ends them', () => {
  const { nodeClass, nodePool, deployment } = copyOf()
  const { name } = nodeClass.metadata
  expect(nodePool).toMatchObject({
    spec: {
      template: {
        metadata: { labels: { 'prebake.dev/nodeclass': name, 'prebake.dev/benchmark-copy': 'candidate' } },
        spec: {
          nodeClassRef: { name },
          taints: [{ key: 'nvidia.com/gpu' }, { key: 'prebake.dev/benchmark', value: '4711-1-0badcafe', effect: 'NoSchedule' }],
        },
      },
      disruption: { consolidationPolicy: 'WhenEmpty', consolidateAfter: 'Never' },
    },
  })
  expect(podOf(deployment)).toMatchObject({
    nodeSelector: { 'prebake.dev/nodeclass': name, 'prebake.dev/benchmark': '4711-1-0badcafe', 'prebake.dev/benchmark-copy': 'candidate' },
    tolerations: [{ key: 'nvidia.com/gpu' }, { key: 'prebake.dev/benchmark', value: '4711-1-0badcafe' }],
  })
})

test('affinity: nodes by the names of the copy, pods of its own kind by its labels, other pods as they were', () => {
  const other = { labelSelector: { matchLabels: { app: 'database' } }, topologyKey: 'zone' }
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'karpenter.sh/nodepool', operator: 'In', values: ['vllm'] }] }],
      },
    },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app: 'vllm' } }, topologyKey: 'host' }, other],
    },
  }
  expect(podOf(copyOf(withPod({ affinity })).deployment)['affinity']).toEqual({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'karpenter.sh/nodepool', operator: 'In', values: ['vllm-0badcafe-candidate'] }] }],
      },
    },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          labelSelector: { matchLabels: { 'prebake.dev/benchmark': '4711-1-0badcafe', 'prebake.dev/benchmark-copy': 'candidate' } },
          topologyKey: 'host',
        },
        other,
      ],
    },
  })
})

test('a ConfigMap that is given is copied, and the pod reads the copy; one that is not given is the one of the cluster', () => {
  const [first] = shipped as [Manifest]
  const settings: Manifest = {
    ...first,
    document: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'default' }, data: {} },
  }
  const volumes = [
    { name: 'a', configMap: { name: 'settings' } },
    { name: 'b', configMap: { name: 'cluster' } },
    { name: 'c', projected: { sources: [{ configMap: { name: 'settings' } }, { secret: { name: 'token' } }] } },
  ]
  const { deployment, documents } = copyOf(withPod({ volumes }, [settings]))
  expect(documents.map(({ kind }) => kind)).toContain('ConfigMap')
  expect(podOf(deployment)['volumes']).toEqual([
    { name: 'a', configMap: { name: 'settings-0badcafe-candidate' } },
    { name: 'b', configMap: { name: 'cluster' } },
    { name: 'c', projected: { sources: [{ configMap: { name: 'settings-0badcafe-candidate' } }, { secret: { name: 'token' } }] } },
  ])
})

test('a name stays within 63 characters, which a label of the nodes has as its value', () => {
  const long = shipped.map((manifest) => {
    const { document } = manifest
    return document.kind === 'NodePool'
      ? { ...manifest, document: { ...document, metadata: { ...document.metadata, name: `pool-${'x'.repeat(58)}` } } }
      : manifest
  })
  const { nodePool } = copyOf(long)
  expect(nodePool.metadata.name).toHaveLength(63)
  expect(nodePool.metadata.name).toMatch(/x-0badcafe-candidate$/)
})

test.each(['EC2NodeClass', 'NodePool', 'Deployment'])('without a %s there is no copy', (kind) => {
  expect(() => copyOf(shipped.filter(({ document }) => document.kind !== kind))).toThrow(code('isolation-incomplete'))
})

test('two Deployments, and a paused one, are refused', () => {
  const twin = shipped.filter(({ document }) => document.kind === 'Deployment')
  expect(() => copyOf([...shipped, ...twin])).toThrow(code('isolation-incomplete'))
  const pausing = shipped.map((manifest) =>
    manifest.document.kind === 'Deployment'
      ? { ...manifest, document: { ...manifest.document, spec: { ...(manifest.document['spec'] as object), paused: true } } }
      : manifest,
  )
  expect(() => copyOf(pausing)).toThrow(code('copy-paused'))
})
