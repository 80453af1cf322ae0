import { expect, test } from '@jest/globals'
import { CancelledError, ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import { versions } from '@prebake/versions'
import { gatherFacts } from '../src/facts/gather-facts.ts'
import { type AccountQuotas, type MachineImages, preflight, type PreflightPorts, type SnapshotFacts } from '../src/index.ts'
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
const images = (...published: readonly string[]): MachineImages => ({
  region: 'eu-west-1',
  find: (parameter) => Promise.resolve(published.some((release) => parameter.endsWith(`/${release}/image_id`)) ? 'ami-1' : undefined),
})
const machineImages = images(versions.bottlerocket)

test('the shipped manifests: three looks, and no more than they need', async () => {
  const { cluster, asked } = watched(memoryReader(kinds))
  cluster.add(crd({ volumeInitializationRate: {} }))
  cluster.add(object('v1', 'Namespace', 'default'))
  const subject = await gatherFacts(
    { manifests: shippedManifests(), snapshotId },
    { cluster, snapshots: snapshots(), quotas, machineImages },
    signal,
  )
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
    machineImage: { [`/aws/service/bottlerocket/aws-k8s-1.36-nvidia/x86_64/${versions.bottlerocket}/image_id`]: { value: 'ami-1' } },
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
  const ports = { cluster, snapshots: snapshots(), quotas, machineImages }
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

test('a release of Bottlerocket without an image for this Kubernetes', async () => {
  const { cluster } = watched(memoryReader(kinds))
  const ports = { cluster, snapshots: snapshots(), quotas, machineImages: images('1.70.0') }
  const { findings } = await preflight({ manifests: shippedManifests(), snapshotId }, ports, signal)
  expect(findings.map(({ rule, place }) => [rule, place.field])).toEqual([['release-without-image', 'spec.amiSelectorTerms[0].alias']])
  expect(findings[0]?.problem).toBe(`Bottlerocket ${versions.bottlerocket} has no GPU image for Kubernetes 1.36: Karpenter makes no node.`)
})

test.each([
  ['https://0123.gr7.us-west-2.eks.amazonaws.com', 'us-west-2'],
  ['https://0123.yl4.cn-north-1.eks.amazonaws.com.cn', 'cn-north-1'],
  ['https://0123.gr7.eks-cluster.us-gov-west-1.api.aws', 'us-gov-west-1'],
  ['https://cluster.test', undefined],
])('the region of %s', async (address, region) => {
  const { cluster } = watched(memoryReader(kinds))
  const subject = await gatherFacts({ manifests: [] }, { cluster: { ...cluster, address } }, signal)
  expect(subject.cluster.region).toBe(region)
})

test('what RBAC forbids is not checked, said once, and no error', async () => {
  const { cluster } = watched(memoryReader(kinds), ['CustomResourceDefinition', 'Namespace'])
  const { findings, unchecked } = await preflight(
    { manifests: shippedManifests(), snapshotId },
    { cluster, snapshots: snapshots(), quotas, machineImages },
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
    { reason: 'no AWS account was given to look for the machine image', rules: ['release-without-image'] },
  ])
  const denied: SnapshotFacts = {
    region: 'eu-west-1',
    describe: () =>
      Promise.reject(
        new ServiceError({ operation: 'DescribeSnapshots', code: 'UnauthorizedOperation', message: 'You are not authorized' }),
      ),
  }
  const refused = await preflight({ manifests }, { cluster, snapshots: denied, quotas, machineImages }, signal)
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
    { cluster, snapshots: snapshots(partly), quotas, machineImages },
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
