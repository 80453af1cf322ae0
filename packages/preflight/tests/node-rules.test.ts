import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import type { SnapshotDescription } from '../src/index.ts'
import { judge, snapshotId, subjectWith, type Changes } from './good-subject.ts'

const data = 'spec/blockDeviceMappings/1/ebs'
const ebs = 'EC2NodeClass vllm spec.blockDeviceMappings[1].ebs'
const given = `${ebs}.snapshotID`
const onClass = (path: string, value: unknown): Changes => ({ set: [['EC2NodeClass', path, value]] })
const snapshot = (fields: Partial<SnapshotDescription>): Changes => ({ snapshot: fields })

test('the shipped manifests with a snapshot that fits have no finding', () => {
  expect(judge({}).findings).toEqual([])
})

test.each<[rule: string, changes: Changes, place: string, words: RegExp]>([
  [
    'snapshot-missing',
    { facts: { snapshot: { [snapshotId]: { value: undefined } } } },
    given,
    /snap-0123456789abcdef0 does not exist.*build-snapshot's output/,
  ],
  ['snapshot-region', snapshot({ region: 'us-east-1' }), given, /is in us-east-1, the cluster is in eu-west-1/],
  ['snapshot-state', snapshot({ state: 'pending', progress: 40 }), given, /is pending \(40 %\).*Wait/],
  ['snapshot-state', snapshot({ state: 'error' }), given, /is error, not completed.*rebuild/],
  ['snapshot-unverified', { baked: { verified: undefined } }, given, /never checked.*`verify: quick`/],
  ['snapshot-check-failed', { baked: { verified: 'failed' } }, given, /did not pass/],
  ['snapshot-rejected', { baked: { rejected: '2026-11-20' } }, given, /rejected by a rollout that failed \(2026-11-20\)/],
  ['snapshot-key', snapshot({ encrypted: true, keyState: { value: 'PendingDeletion' } }), given, /is PendingDeletion/],
  ['snapshot-key', snapshot({ encrypted: true, keyState: { value: undefined } }), given, /does not exist/],
  ['snapshot-architecture', { baked: { architecture: 'arm64' } }, 'NodePool vllm spec.template.spec.requirements', /for arm64.*is amd64/],
  ['snapshot-larger-than-volume', snapshot({ volumeSizeGiB: 200 }), given, /has 150Gi.*needs 200 GiB.*200Gi or more/],
  ['snapshot-without-record', snapshot({ baked: undefined }), given, /was not made by build-snapshot/],
  [
    'data-device',
    onClass('spec/blockDeviceMappings/1/deviceName', '/dev/xvdc'),
    'EC2NodeClass vllm spec.blockDeviceMappings[1].deviceName',
    /xvdc/,
  ],
  ['gp3-limits', onClass(`${data}/iops`, 2999), `${ebs}.iops`, /2999 IOPS is outside 3000 to 75000/],
  ['gp3-limits', onClass(`${data}/iops`, 76_000), `${ebs}.iops`, /76000 IOPS/],
  ['gp3-limits', { set: [['EC2NodeClass', `${data}/throughput`, 100]] }, `${ebs}.throughput`, /100 MiB\/s is outside 125 to 2000/],
  ['volume-type-refused', onClass(`${data}/volumeType`, undefined), `${ebs}.throughput`, /is gp2.*only gp3 takes/],
  [
    'volume-type-refused',
    {
      set: [
        ['EC2NodeClass', `${data}/volumeType`, 'gp2'],
        ['EC2NodeClass', `${data}/throughput`, undefined],
      ],
    },
    `${ebs}.iops`,
    /is gp2.*no `iops`/,
  ],
  [
    'volume-type-refused',
    {
      set: [
        ['EC2NodeClass', `${data}/volumeType`, 'io2'],
        ['EC2NodeClass', `${data}/throughput`, undefined],
        ['EC2NodeClass', `${data}/iops`, undefined],
      ],
    },
    `${ebs}.iops`,
    /is io2.*needs `iops`/,
  ],
  [
    'slow-volume-type',
    {
      set: [
        ['EC2NodeClass', `${data}/volumeType`, 'gp2'],
        ['EC2NodeClass', `${data}/throughput`, undefined],
        ['EC2NodeClass', `${data}/iops`, undefined],
      ],
    },
    `${ebs}.volumeType`,
    /250 MiB\/s/,
  ],
  ['throughput-unset', onClass(`${data}/throughput`, undefined), `${ebs}.throughput`, /116 s/],
  ['initialization-rate-range', onClass(`${data}/volumeInitializationRate`, 301), `${ebs}.volumeInitializationRate`, /301/],
  ['initialization-rate-range', onClass(`${data}/volumeInitializationRate`, 99), `${ebs}.volumeInitializationRate`, /99/],
  [
    'rate-beside-fast-restore',
    snapshot({ fastRestoreZones: { value: ['eu-west-1a'] } }),
    `${ebs}.volumeInitializationRate`,
    /Fast Snapshot Restore in eu-west-1a/,
  ],
  ['lazy-volume', onClass(`${data}/volumeInitializationRate`, undefined), ebs, /first read/],
  ['volume-size-unset', onClass(`${data}/volumeSize`, undefined), `${ebs}.volumeSize`, /150Gi or more/],
  ['instance-store-raid0', onClass('spec/instanceStorePolicy', 'RAID0'), 'EC2NodeClass vllm spec.instanceStorePolicy', /hides the images/],
  [
    'other-snapshotter',
    onClass('spec/userData', '[settings.container-runtime]\nsnapshotter = "soci"\n'),
    'EC2NodeClass vllm spec.userData',
    /soci.*overlayfs.*removes its images/,
  ],
  [
    'other-snapshotter',
    onClass('spec/userData', 'settings.container-runtime.snapshotter = "soci"'),
    'EC2NodeClass vllm spec.userData',
    /soci/,
  ],
  [
    'bottlerocket-latest',
    onClass('spec/amiSelectorTerms', [{ alias: 'bottlerocket@latest' }]),
    'EC2NodeClass vllm spec.amiSelectorTerms[0].alias',
    /every node/,
  ],
  [
    'not-bottlerocket',
    onClass('spec/amiSelectorTerms', [{ alias: 'al2023@v20260101' }]),
    'EC2NodeClass vllm spec.amiSelectorTerms[0].alias',
    /al2023/,
  ],
  [
    'not-bottlerocket',
    {
      set: [
        ['EC2NodeClass', 'spec/amiSelectorTerms', [{ id: 'ami-1' }]],
        ['EC2NodeClass', 'spec/amiFamily', 'AL2023'],
      ],
    },
    'EC2NodeClass vllm spec.amiFamily',
    /al2023/,
  ],
  ['older-nodes', { baked: { bottlerocket: '1.70.0' } }, 'EC2NodeClass vllm spec.amiSelectorTerms[0].alias', /1\.69\.0.*1\.70\.0/],
  [
    'older-nodes',
    {
      ...onClass('spec/amiSelectorTerms/0/alias', 'bottlerocket@v1.60.0'),
      baked: { bottlerocket: '1.57.0' },
      subject: { cluster: { version: '1.32', region: undefined } },
    },
    'EC2NodeClass vllm spec.amiSelectorTerms',
    /containerd 1/,
  ],
  [
    'root-volume-size',
    onClass('spec/blockDeviceMappings/0/ebs/volumeSize', '50Gi'),
    'EC2NodeClass vllm spec.blockDeviceMappings[0].ebs.volumeSize',
    /Set 4Gi/,
  ],
  [
    'crd-without-rate',
    { facts: { snapshot: {}, nodeClassSchema: { '': { value: { volumeInitializationRate: false } } } } },
    `${ebs}.volumeInitializationRate`,
    /Karpenter 1\.5/,
  ],
  [
    'node-class-missing',
    { without: ['EC2NodeClass'], facts: { nodeClass: { vllm: { value: undefined } } } },
    'NodePool vllm spec.template.spec.nodeClassRef.name',
    /neither in the manifests nor in the cluster/,
  ],
])('%s alone is found: %j', (rule, changes, place, words) => {
  const { findings, lines } = judge(changes)
  expect(lines).toEqual([`${rule} ${place}`])
  expect(`${findings[0]?.problem} ${findings[0]?.fix}`).toMatch(words)
})

test('IOPS that the throughput needs', () => {
  const { findings } = judge(onClass(`${data}/throughput`, 900))
  expect(findings.map(({ rule, problem, fix }) => [rule, problem, fix])).toEqual([
    [
      'iops-for-throughput',
      '900 MiB/s needs 3600 IOPS, and the volume has 3000: EC2 refuses every launch.',
      'Set `iops: 3600`, or `throughput: 750`.',
    ],
  ])
})

test('throughput that no instance type has', () => {
  const { lines, findings } = judge({
    set: [
      ['EC2NodeClass', `${data}/throughput`, 1200],
      ['EC2NodeClass', `${data}/iops`, 4800],
    ],
  })
  expect(lines).toEqual([`throughput-above-instances ${ebs}.throughput`])
  // g6.4xlarge has 8000 Mbit/s, 953 MiB/s.
  expect(findings[0]?.fix).toBe('Set `throughput: 953`, or allow a larger type.')
})

test('an encrypted snapshot, and a volume that must not be', () => {
  const encrypted = { encrypted: true, keyState: { value: 'Enabled' } } as const
  expect(judge(snapshot(encrypted)).lines).toEqual([])
  expect(judge({ ...snapshot(encrypted), ...onClass(`${data}/encrypted`, false) }).lines).toEqual([`unencrypted-volume ${ebs}.encrypted`])
})

test.each<[title: string, changes: Changes]>([
  [
    'Fast Snapshot Restore alone is no lazy volume',
    { snapshot: { fastRestoreZones: { value: ['eu-west-1a'] } }, ...onClass(`${data}/volumeInitializationRate`, undefined) },
  ],
  ['a snapshotter in a comment is none', onClass('spec/userData', '# snapshotter = "soci"')],
  ['the same snapshotter', onClass('spec/userData', '[settings.container-runtime]\nsnapshotter = "overlayfs"')],
  [
    'a model alone does not care which snapshotter or containerd',
    { baked: { images: [], bottlerocket: '1.60.0' }, ...onClass('spec/userData', 'snapshotter = "soci"') },
  ],
  ['newer nodes than the builder', { baked: { bottlerocket: '1.9.0' } }],
  [
    'nodes of Kubernetes 1.32 with a Bottlerocket that has containerd 2 in every variant',
    { subject: { cluster: { version: '1.32', region: undefined } }, ...onClass('spec/amiSelectorTerms/0/alias', 'bottlerocket@v1.69.0') },
  ],
  ['a builder with containerd 1', { baked: { containerd: '1.7.29' }, subject: { cluster: { version: '1.32', region: undefined } } }],
  ['a CRD that knows the rate', { facts: { snapshot: {}, nodeClassSchema: { '': { value: { volumeInitializationRate: true } } } } }],
  ['an address that names no region', { subject: { cluster: { version: '1.36', region: undefined } }, snapshot: { region: 'us-east-1' } }],
  [
    'io2 has no throughput of its own',
    {
      set: [
        ['EC2NodeClass', `${data}/volumeType`, 'io2'],
        ['EC2NodeClass', `${data}/throughput`, undefined],
      ],
    },
  ],
])('nothing is found: %s', (_title, changes) => {
  expect(judge(changes).lines).toEqual([])
})

/** A NodeClass that the user keeps elsewhere; the NodePool of the manifests refers to it. */
const own = (blockDeviceMappings: unknown): Changes => {
  const object: KubernetesObject = {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name: 'vllm' },
    spec: { blockDeviceMappings },
  }
  return { without: ['EC2NodeClass'], facts: { nodeClass: { vllm: { value: object } } } }
}

const xvda = { deviceName: '/dev/xvda', ebs: { volumeSize: '4Gi', volumeType: 'gp3' } }
const gp3 = { volumeType: 'gp3', iops: 3000, throughput: 600 }
const shippedData = { ...gp3, volumeInitializationRate: 300, snapshotID: snapshotId, volumeSize: '150Gi' }

test.each<[title: string, mappings: unknown, changes: Changes, field: string, patched: unknown]>([
  [
    'another snapshot',
    [xvda, { deviceName: '/dev/xvdb', ebs: { ...gp3, snapshotID: 'snap-0old', volumeSize: '200Gi' } }],
    {},
    'spec.blockDeviceMappings[1].ebs.snapshotID',
    [xvda, { deviceName: '/dev/xvdb', ebs: { ...gp3, snapshotID: snapshotId, volumeSize: '200Gi' } }],
  ],
  [
    'no snapshot, and too small a volume that must not be encrypted',
    [{ deviceName: '/dev/xvdb', ebs: { ...gp3, volumeSize: '50Gi', encrypted: false } }],
    { snapshot: { encrypted: true, keyState: { value: 'Enabled' } } },
    'spec.blockDeviceMappings[0].ebs.snapshotID',
    [{ deviceName: '/dev/xvdb', ebs: { ...gp3, snapshotID: snapshotId, volumeSize: '150Gi' } }],
  ],
  [
    'no data volume',
    [xvda],
    { snapshot: { volumeSizeGiB: 150 } },
    'spec.blockDeviceMappings',
    [xvda, { deviceName: '/dev/xvdb', ebs: shippedData }],
  ],
  [
    'no mapping: that of the root volume is kept',
    undefined,
    {},
    'spec.blockDeviceMappings',
    [xvda, { deviceName: '/dev/xvdb', ebs: shippedData }],
  ],
])('what a NodeClass of the cluster needs: %s', (_title, mappings, changes, field, patched) => {
  const mine = own(mappings)
  const { snapshot } = subjectWith(changes).facts
  const { findings } = judge({ ...mine, facts: { ...mine.facts, snapshot } })
  const finding = findings.find(({ rule }) => rule === 'live-node-class')
  expect(finding?.place).toEqual({ source: 'the cluster', object: 'EC2NodeClass vllm', field })
  const [, patch = ''] = /kubectl patch ec2nodeclass vllm --type=merge -p='(.*)'`/.exec(finding?.fix ?? '') ?? []
  expect(JSON.parse(patch)).toEqual({ spec: { blockDeviceMappings: patched } })
})

test('once it has the snapshot, it is judged as any other', () => {
  const { lines } = judge(
    own([
      {
        deviceName: '/dev/xvdb',
        ebs: { snapshotID: snapshotId, volumeSize: '100Gi', volumeType: 'gp3', throughput: 600, volumeInitializationRate: 300 },
      },
    ]),
  )
  expect(lines).toEqual(['snapshot-larger-than-volume EC2NodeClass vllm spec.blockDeviceMappings[0].ebs.snapshotID'])
})

test('without a snapshot that is rolled out, no NodeClass of the cluster is judged', () => {
  expect(judge({ ...own([{ deviceName: '/dev/xvdb', ebs: { volumeSize: '150Gi' } }]), subject: { snapshotId: undefined } }).lines).toEqual(
    [],
  )
})

const [, pool] = subjectWith().manifests.map(({ document }) => document)
const second = (nodeClass: string, labels?: Record<string, string>): KubernetesObject => {
  const { template, ...spec } = pool!['spec'] as { template: { metadata: object; spec: { nodeClassRef: object } } }
  const nodeClassRef = { ...template.spec.nodeClassRef, name: nodeClass }
  const metadata = labels === undefined ? template.metadata : { labels }
  return { ...pool!, metadata: { name: 'second' }, spec: { ...spec, template: { metadata, spec: { ...template.spec, nodeClassRef } } } }
}
const plainClass: KubernetesObject = {
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  metadata: { name: 'plain' },
  spec: { role: 'r', amiSelectorTerms: [{ alias: 'bottlerocket@latest' }] },
}

test('a NodePool of a NodeClass without a snapshot, whose nodes the server fits, is found; one whose label it does not select is not', () => {
  const found = (pools: readonly KubernetesObject[]) =>
    judge({ add: [...pools, plainClass] }).lines.filter((line) => line.startsWith('mixed-nodes'))
  expect(found([second('plain')])).toEqual(['mixed-nodes NodePool second spec.template.spec.nodeClassRef'])
  expect(found([second('plain', { other: 'x' })])).toEqual([])
  expect(found([second('vllm')])).toEqual([])
})
