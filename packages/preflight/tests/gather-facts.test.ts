import { expect, test } from '@jest/globals'
import { CancelledError, ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import { gatherFacts } from '../src/facts/gather-facts.ts'
import { type AccountQuotas, preflight, type PreflightPorts, type SnapshotFacts } from '../src/index.ts'
import { goodSnapshot, shippedManifests, snapshotId } from './good-subject.ts'
import { memoryReader } from './memory-reader.ts'

const { signal } = new AbortController()
const kinds = {
  Deployment: true,
  Service: true,
  Namespace: false,
  NodePool: false,
  EC2NodeClass: false,
  CustomResourceDefinition: false,
  HorizontalPodAutoscaler: true,
}
const object = (apiVersion: string, kind: string, name: string, fields: object = {}, namespace?: string): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...fields,
})
const crd = (ebs: object) => {
  const properties = { spec: { properties: { blockDeviceMappings: { items: { properties: { ebs: { properties: ebs } } } } } } }
  return object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'ec2nodeclasses.karpenter.k8s.aws', {
    spec: { versions: [{ name: 'v1beta1' }, { name: 'v1', schema: { openAPIV3Schema: { properties } } }] },
  })
}
const forbidden = (kind: string) =>
  new ServiceError({ operation: `get ${kind}`, code: 'Forbidden', message: `cannot get resource "${kind}"`, status: 403 })

/** Counts what is asked, and refuses these kinds as RBAC does. */
function watched(cluster: ReturnType<typeof memoryReader>, refused: readonly string[] = []) {
  const asked: string[] = []
  const look = <T>(verb: string, kind: string, name: string, answer: () => Promise<T>) => {
    asked.push(`${verb} ${kind} ${name}`.trim())
    return refused.includes(kind) ? Promise.reject(forbidden(kind)) : answer()
  }
  return {
    asked,
    cluster: {
      ...cluster,
      address: 'https://0123.gr7.eu-west-1.eks.amazonaws.com',
      get: (reference, given) => look('get', reference.kind, reference.name, () => cluster.get(reference, given)),
      list: (query, given) => look('list', query.kind, query.namespace ?? '', () => cluster.list(query, given)),
    } satisfies PreflightPorts['cluster'],
  }
}
const snapshots = (found: typeof goodSnapshot | undefined = goodSnapshot): SnapshotFacts => ({
  region: 'eu-west-1',
  describe: () => Promise.resolve(found),
})

const quotas: AccountQuotas = { vcpus: () => Promise.resolve(64) }

test('the shipped manifests: three looks, and no more than they need', async () => {
  const { cluster, asked } = watched(memoryReader(kinds))
  cluster.add(crd({ volumeInitializationRate: {} }))
  cluster.add(object('v1', 'Namespace', 'default'))
  const subject = await gatherFacts({ manifests: shippedManifests(), snapshotId }, { cluster, snapshots: snapshots(), quotas }, signal)
  expect(subject.cluster).toEqual({ version: '1.36', region: 'eu-west-1' })
  expect(subject.facts).toEqual({
    snapshot: { [snapshotId]: { value: goodSnapshot } },
    nodeClassSchema: { '': { value: { volumeInitializationRate: true } } },
    nodeClass: {},
    nodePools: {},
    namespace: { default: { value: {} } },
    deployment: { 'default/vllm': { value: undefined } },
    autoscalers: {},
    vcpuQuota: { 'on-demand G': { value: 64 } },
    services: {},
  })
  expect(asked.toSorted()).toEqual([
    'get CustomResourceDefinition ec2nodeclasses.karpenter.k8s.aws',
    'get Deployment vllm',
    'get Namespace default',
  ])
})

test.each<[set: string, files: string[]]>([
  ['deploy/vllm', ['nodeclass.yaml', 'nodepool.yaml', 'deployment.yaml', 'service.yaml']],
  ['large-model', ['nodeclass.yaml', 'nodepool.yaml', 'large-model/deployment.yaml', 'service.yaml']],
  ['baseline', ['baseline/nodeclass.yaml', 'baseline/nodepool.yaml', 'baseline/deployment.yaml']],
])('no finding in what is shipped: %s', async (_set, files) => {
  const { cluster } = watched(memoryReader(kinds))
  cluster.add(crd({ volumeInitializationRate: {} }))
  const ports = { cluster, snapshots: snapshots(), quotas }
  expect(await preflight({ manifests: shippedManifests(files), snapshotId }, ports, signal)).toEqual({
    findings: [],
    ignored: {},
    unchecked: [],
    instanceTypes: expect.stringContaining('built-in table'),
  })
})

test('a Deployment alone: the cluster’s NodePools that make nodes for it, and their NodeClass, are looked up and judged', async () => {
  const { cluster, asked } = watched(memoryReader(kinds))
  const pool = (name: string, label: string, nodeClass: string) =>
    object('karpenter.sh/v1', 'NodePool', name, {
      spec: {
        template: {
          metadata: { labels: { 'prebake.dev/nodeclass': label } },
          spec: { nodeClassRef: { kind: 'EC2NodeClass', name: nodeClass }, requirements: [] },
        },
      },
    })
  cluster.add(pool('gpu', 'vllm', 'mine'))
  cluster.add(pool('web', 'web', 'web'))
  const ebs = { snapshotID: 'snap-0old', volumeSize: '150Gi', volumeType: 'gp3', throughput: 600 }
  cluster.add(object('karpenter.k8s.aws/v1', 'EC2NodeClass', 'mine', { spec: { blockDeviceMappings: [{ deviceName: '/dev/xvdb', ebs }] } }))
  const manifests = shippedManifests(['deployment.yaml'])
  const { findings } = await preflight({ manifests, snapshotId }, { cluster, snapshots: snapshots() }, signal)
  expect(findings.find(({ rule }) => rule === 'live-node-class')).toMatchObject({
    place: { source: 'the cluster', object: 'EC2NodeClass mine' },
    fix: expect.stringContaining(snapshotId),
  })
  expect(asked).toEqual(expect.arrayContaining(['list NodePool', 'get EC2NodeClass mine']))
  expect(asked).not.toContain('get EC2NodeClass web')
})

test('what RBAC forbids is not checked, said once, and no error', async () => {
  const { cluster } = watched(memoryReader(kinds), ['CustomResourceDefinition', 'Namespace'])
  const { findings, unchecked } = await preflight(
    { manifests: shippedManifests(), snapshotId },
    { cluster, snapshots: snapshots(), quotas },
    signal,
  )
  expect(findings).toEqual([])
  expect(unchecked).toEqual([
    {
      reason: expect.stringMatching(/^CustomResourceDefinition .* cannot be read \(get CustomResourceDefinition: Forbidden/),
      rules: ['crd-without-rate'],
    },
    { reason: expect.stringMatching(/^Namespace default cannot be read/), rules: ['pod-security'] },
  ])
})

test('without an account to look into, or where it refuses, the snapshot is not checked', async () => {
  const { cluster } = watched(memoryReader(kinds))
  const manifests = shippedManifests()
  const none = await preflight({ manifests }, { cluster }, signal)
  expect(none.unchecked).toEqual([
    { reason: 'no AWS account was given to look for the snapshot', rules: expect.arrayContaining(['snapshot-missing', 'image-not-baked']) },
    { reason: 'no AWS account was given to look for its quotas', rules: ['quota-without-surge'] },
  ])
  const denied: SnapshotFacts = {
    region: 'eu-west-1',
    describe: () =>
      Promise.reject(
        new ServiceError({ operation: 'DescribeSnapshots', code: 'UnauthorizedOperation', message: 'You are not authorized' }),
      ),
  }
  const refused = await preflight({ manifests }, { cluster, snapshots: denied, quotas }, signal)
  expect(refused.findings).toEqual([])
  expect(refused.unchecked.map(({ reason }) => reason)).toEqual([
    `${snapshotId} in eu-west-1 cannot be read (DescribeSnapshots: UnauthorizedOperation: You are not authorized)`,
  ])
})

test('a key or Fast Snapshot Restore that may not be looked at leaves the rest checked', async () => {
  const { cluster } = watched(memoryReader(kinds))
  const partly = { ...goodSnapshot, encrypted: true, keyState: { unchecked: 'no key' }, fastRestoreZones: { unchecked: 'no zones' } }
  const { findings, unchecked } = await preflight(
    { manifests: shippedManifests() },
    { cluster, snapshots: snapshots(partly), quotas },
    signal,
  )
  expect(findings).toEqual([])
  expect(unchecked).toEqual([
    { reason: 'no key', rules: ['snapshot-key'] },
    { reason: 'no zones', rules: ['lazy-volume', 'rate-beside-fast-restore'] },
  ])
})

test('autoscalers and Services are looked up where manifests make them matter', async () => {
  const { cluster, asked } = watched(memoryReader(kinds))
  cluster.add(
    object(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      'scaler',
      { spec: { scaleTargetRef: { kind: 'Deployment', name: 'vllm' } } },
      'default',
    ),
  )
  cluster.add(object('v1', 'Service', 'vllm', {}, 'default'))
  const manifests = shippedManifests().map((manifest) => {
    const document = JSON.parse(JSON.stringify(manifest.document)) as KubernetesObject & {
      spec: { replicas?: number; template?: { spec: { enableServiceLinks?: boolean } } }
    }
    if (document.kind !== 'Deployment') return manifest
    document.spec.replicas = 2
    delete document.spec.template?.spec.enableServiceLinks
    return { ...manifest, document }
  })
  const { findings } = await preflight({ manifests, snapshotId }, { cluster, snapshots: snapshots() }, signal)
  expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
    ['service-link-port', 'error'],
    ['replicas-owned', 'warning'],
  ])
  // KEDA's kind is not known here, and is not asked for.
  expect(asked.filter((line) => line.startsWith('list')).toSorted()).toEqual([
    'list HorizontalPodAutoscaler default',
    'list Service default',
  ])
})

test('a cancel, and a fault of our own, are thrown', async () => {
  const { cluster } = watched(memoryReader(kinds))
  const failing = (error: Error): SnapshotFacts => ({ region: 'r', describe: () => Promise.reject(error) })
  const run = (error: Error) => preflight({ manifests: shippedManifests() }, { cluster, snapshots: failing(error) }, signal)
  await expect(run(new CancelledError())).rejects.toBeInstanceOf(CancelledError)
  await expect(run(new TypeError('a bug'))).rejects.toBeInstanceOf(TypeError)
})
