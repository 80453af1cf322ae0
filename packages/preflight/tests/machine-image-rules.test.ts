import { expect, test } from '@jest/globals'
import { machineImagesOf } from '../src/subject/machine-images.ts'
import { judge, type Changes } from './good-subject.ts'

const onClass = (path: string, value: unknown): Changes => ({ set: [['EC2NodeClass', path, value]] })
const terms = (...all: object[]): Changes => onClass('spec/amiSelectorTerms', all)
const parameter = (variant: string, version: string) => ({
  ssmParameter: `/aws/service/bottlerocket/${variant}/x86_64/${version}/image_id`,
})
const gpu = 'aws-k8s-1.36-nvidia'
const name = 'EC2NodeClass vllm'
const bound = (...dirs: string[]) => `[settings.bootstrap-commands.nvme]
commands = [["apiclient", "ephemeral-storage", "init"], ["apiclient", "ephemeral-storage", "bind", "--dirs", ${dirs.map((dir) => `"${dir}"`).join(', ')}]]
mode = "always"
`

test.each<[term: object, family: string | undefined, release: string | undefined, variant: string | undefined]>([
  [{ alias: 'bottlerocket@v1.57.0' }, 'bottlerocket', '1.57.0', undefined],
  [{ alias: 'Bottlerocket@latest' }, 'bottlerocket', 'latest', undefined],
  [parameter('aws-k8s-1.34', 'latest'), 'bottlerocket', 'latest', 'aws-k8s-1.34'],
  [parameter(gpu, '1.57.0-b1e29d64'), 'bottlerocket', '1.57.0', gpu],
  [
    { ssmParameter: '/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/x86_64/nvidia/recommended/image_id' },
    'al2023',
    undefined,
    undefined,
  ],
  [{ ssmParameter: '/mine/golden/image' }, undefined, undefined, undefined],
  [{ name: `bottlerocket-${gpu}-x86_64-v1.57.0-b1e29d64` }, 'bottlerocket', '1.57.0', gpu],
  [{ name: `bottlerocket-${gpu}-x86_64-v1.57.0*` }, 'bottlerocket', '1.57.0', gpu],
  [{ name: `bottlerocket-${gpu}-aarch64-*` }, 'bottlerocket', 'latest', gpu],
  [{ name: 'amazon-eks-node-al2023-x86_64-nvidia-1.34-*' }, 'al2023', undefined, undefined],
  [{ id: 'ami-1' }, undefined, undefined, undefined],
  [{ tags: { a: 'b' } }, undefined, undefined, undefined],
])('%j', (term, family, release, variant) => {
  const object = { apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', metadata: { name: 'x' }, spec: { amiSelectorTerms: [term] } }
  expect(machineImagesOf({ object })).toEqual([{ field: `spec.amiSelectorTerms[0].${Object.keys(term)[0]}`, family, release, variant }])
})

test.each<[rule: string, changes: Changes, place: string, words: RegExp]>([
  ['bottlerocket-latest', terms(parameter(gpu, 'latest')), 'spec.amiSelectorTerms[0].ssmParameter', /every node/],
  ['bottlerocket-latest', terms({ name: `bottlerocket-${gpu}-x86_64-*` }), 'spec.amiSelectorTerms[0].name', /every node/],
  ['older-nodes', terms(parameter(gpu, '1.50.0')), 'spec.amiSelectorTerms[0].ssmParameter', /run Bottlerocket 1\.50\.0/],
  [
    'older-nodes',
    terms(parameter(gpu, '1.69.0'), { name: `bottlerocket-${gpu}-x86_64-v1.50.0-*` }),
    'spec.amiSelectorTerms[1].name',
    /1\.50\.0/,
  ],
  ['not-bottlerocket', terms({ name: 'amazon-eks-node-al2023-x86_64-nvidia-1.36-v20260101' }), 'spec.amiSelectorTerms[0].name', /al2023/],
  ['not-bottlerocket', terms({ alias: 'al2023@latest' }), 'spec.amiSelectorTerms[0].alias', /al2023/],
  ['image-without-gpu', terms(parameter('aws-k8s-1.36', '1.69.0')), 'spec.amiSelectorTerms[0].ssmParameter', /`aws-k8s-1\.36-nvidia`/],
  ['kubelet-setting-ignored', onClass('spec/kubelet', { podsPerCore: 4, maxPods: 40 }), 'spec.kubelet.podsPerCore', /Set `maxPods`/],
  [
    'instance-store-bound',
    onClass('spec/userData', bound('/var/lib/kubelet', '/var/lib/containerd')),
    'spec.userData',
    /over \/var\/lib\/containerd/,
  ],
  ['instance-store-bound', { ...onClass('spec/userData', bound('/mnt')), baked: { images: [] } }, 'spec.userData', /over \/mnt,/],
  [
    'instance-store-bound',
    { ...onClass('spec/userData', bound('/var/lib/')), baked: { modelPath: undefined } },
    'spec.userData',
    /over \/var\/lib\//,
  ],
])('%s alone is found: %j', (rule, changes, field, words) => {
  const { lines, findings } = judge(changes)
  expect(lines.filter((line) => !line.startsWith('model-'))).toEqual([`${rule} ${name} ${field}`])
  expect(`${findings[0]?.problem} ${findings[0]?.fix}`).toMatch(words)
})

test.each<[title: string, changes: Changes]>([
  [
    'an image by its ID, said to be Bottlerocket, and no images on the snapshot',
    {
      baked: { images: [] },
      set: [
        ['EC2NodeClass', 'spec/amiSelectorTerms', [{ id: 'ami-1' }]],
        ['EC2NodeClass', 'spec/amiFamily', 'Bottlerocket'],
      ],
    },
  ],
  ['settings of the kubelet that Bottlerocket has', onClass('spec/kubelet', { maxPods: 40, evictionSoft: { 'memory.available': '5%' } })],
  ['the instance store for pods', onClass('spec/userData', bound('/var/lib/kubelet', '/var/log/pods'))],
  ['a command in a comment', onClass('spec/userData', bound('/var/lib/containerd').replaceAll(/^/gm, '# '))],
  ['images that are not on the snapshot', { baked: { images: [] }, ...onClass('spec/userData', bound('/var/lib/containerd')) }],
])('no finding: %s', (_title, changes) => {
  const { lines, unchecked } = judge(changes)
  expect(lines).toEqual([])
  expect(unchecked).toEqual([])
})

test.each<[title: string, rules: string[], changes: Changes]>([
  ['an image by its ID', ['not-bottlerocket'], terms({ id: 'ami-1' })],
  [
    'a family of its own',
    ['not-bottlerocket'],
    {
      set: [
        ['EC2NodeClass', 'spec/amiSelectorTerms', [{ id: 'ami-1' }]],
        ['EC2NodeClass', 'spec/amiFamily', 'Custom'],
      ],
    },
  ],
  [
    'a Bottlerocket by tags',
    ['older-nodes', 'bottlerocket-latest'],
    {
      set: [
        ['EC2NodeClass', 'spec/amiSelectorTerms', [{ tags: { a: 'b' } }]],
        ['EC2NodeClass', 'spec/amiFamily', 'Bottlerocket'],
      ],
    },
  ],
  ['a setting of the kubelet', ['kubelet-setting-ignored'], onClass('spec/kubelet', { serializeImagePulls: false })],
  ['a bootstrap container', ['instance-store-bound'], onClass('spec/userData', '[settings.bootstrap-containers.disks]\nsource = "x"\n')],
  ['a policy for the instance store', ['instance-store-raid0'], onClass('spec/instanceStorePolicy', 'RAID10')],
])('not known, and not fine: %s', (_title, rules, changes) => {
  const { lines, unchecked } = judge(changes)
  expect(lines).toEqual([])
  expect(new Set(unchecked.map((line) => line.split(':')[0]))).toEqual(new Set(rules))
})
