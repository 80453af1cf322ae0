import { expect, test } from '@jest/globals'
import { instanceTypeTable as instanceTypes } from '../src/facts/instance-type-table.ts'
import { allowedTypes } from '../src/subject/allowed-types.ts'
import { serves } from '../src/subject/node-pools.ts'
import { readImage } from '../src/subject/pod-image.ts'
import { fulfils, overlap } from '../src/subject/requirement.ts'

test.each<[text: string, name: string, tag: string | undefined, digest: string | undefined]>([
  ['vllm/vllm-openai:v1', 'docker.io/vllm/vllm-openai', 'v1', undefined],
  ['busybox', 'docker.io/library/busybox', undefined, undefined],
  ['localhost:5000/a/b', 'localhost:5000/a/b', undefined, undefined],
  ['docker.io/python:3.12', 'docker.io/library/python', '3.12', undefined],
  ['index.docker.io/vllm/vllm-openai:v1', 'docker.io/vllm/vllm-openai', 'v1', undefined],
  [`ghcr.io/a/b:t@sha256:${'0a'.repeat(32)}`, 'ghcr.io/a/b', 't', `sha256:${'0a'.repeat(32)}`],
])('the image %s', (text, name, tag, digest) => expect(readImage(text)).toEqual({ name, tag, digest, malformed: undefined }))

test.each(['https://ghcr.io/a/b:v1', 'ghcr.io/a/b:t@sha256:0', 'vllm/VLLM:v1'])('the kubelet cannot read the image %s', (text) =>
  expect(readImage(text)).toEqual({ name: text, tag: undefined, digest: undefined, malformed: expect.any(String) }),
)

const requirement = (operator: string, ...values: string[]) => ({ key: 'k', operator, values })
test.each<[operator: string, values: string[], value: string | undefined, holds: boolean]>([
  ['In', ['a'], 'a', true],
  ['In', ['a'], undefined, false],
  ['NotIn', ['a'], 'a', false],
  ['NotIn', ['a'], undefined, true],
  ['Exists', [], 'a', true],
  ['Exists', [], undefined, false],
  ['DoesNotExist', [], undefined, true],
  ['DoesNotExist', [], 'a', false],
  ['Gt', ['4'], '8', true],
  ['Gt', ['8'], '8', false],
  ['Lt', ['8'], '4', true],
  ['Lt', ['4'], undefined, false],
  ['Gte', ['8'], '8', true],
  ['Gte', ['8'], '4', false],
  ['Gte', ['8'], undefined, false],
  ['Lte', ['8'], '8', true],
  ['Lte', ['4'], '8', false],
])('%s %j with %j: %j', (operator, values, value, holds) => expect(fulfils(value, requirement(operator, ...values))).toBe(holds))

test.each([
  [requirement('In', 'a', 'b'), requirement('In', 'b'), true],
  [requirement('In', 'a'), requirement('In', 'b'), false],
  [requirement('NotIn', 'a'), requirement('In', 'a'), false],
  [requirement('Exists'), requirement('NotIn', 'a'), true],
  [requirement('Exists'), requirement('DoesNotExist'), false],
  [requirement('NotIn', 'a'), requirement('DoesNotExist'), true],
  [requirement('Gte', '8'), requirement('DoesNotExist'), false],
  [requirement('Gte', '8'), requirement('Lte', '8'), true],
  [requirement('Gt', '7'), requirement('Lt', '8'), false],
  [requirement('Gte', '8'), requirement('In', '4'), false],
])('%j and %j can both hold: %j', (one, other, both) => {
  expect(overlap(one, other)).toBe(both)
  expect(overlap(other, one)).toBe(both)
})

const pool = (requirements: unknown[], more = {}) => ({
  source: 'x',
  path: '',
  live: false,
  object: {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name: 'p' },
    spec: { template: { spec: { requirements, ...more } } },
  },
})
const names = (requirements: unknown[], spec: unknown = {}) =>
  allowedTypes(pool(requirements), spec, instanceTypes).types.map(({ name }) => name)
const aws = (key: string, operator: string, ...values: string[]) => ({ key: `karpenter.k8s.aws/${key}`, operator, values })

test('types by family, size, generation, architecture and GPUs', () => {
  expect(names([aws('instance-family', 'In', 'g6'), aws('instance-size', 'In', '2xlarge', '4xlarge')])).toEqual([
    'g6.2xlarge',
    'g6.4xlarge',
  ])
  expect(names([aws('instance-category', 'In', 'p'), aws('instance-gpu-count', 'Lt', '8')])).toEqual(['p5.4xlarge'])
  expect(names([aws('instance-gpu-name', 'In', 'l40s'), aws('instance-cpu', 'Lt', '16')])).toEqual(['g6e.xlarge', 'g6e.2xlarge'])
  expect(names([aws('instance-generation', 'Gt', '6'), aws('instance-cpu', 'In', '8')])).toEqual(['g7.2xlarge', 'g7e.2xlarge'])
  expect(names([{ key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] }])).toContain('g5g.xlarge')
  expect(names([aws('instance-family', 'In', 'g6')], { nodeSelector: { 'beta.kubernetes.io/instance-type': 'g6.xlarge' } })).toEqual([
    'g6.xlarge',
  ])
})

test('a pod comes to a NodePool by one of the terms of its affinity', () => {
  const term = (value: string) => ({ matchExpressions: [{ key: 'team', operator: 'In', values: [value] }] })
  const spec = (...values: string[]) => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: values.map(term) } } },
  })
  const ours = pool([{ key: 'team', operator: 'In', values: ['ml'] }])
  expect(serves(ours, spec('web', 'ml'))).toBe(true)
  expect(serves(ours, spec('web'))).toBe(false)
  expect(serves(pool([]), spec('ml'))).toBe(false)
})

test('taints: tolerated by key and value, by Exists, or by everything', () => {
  const tainted = pool([], { taints: [{ key: 'gpu', value: 'true', effect: 'NoSchedule' }] })
  const tolerating = (toleration: object) => serves(tainted, { tolerations: [toleration] })
  expect(tolerating({ key: 'gpu', value: 'true' })).toBe(true)
  expect(tolerating({ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' })).toBe(true)
  expect(tolerating({ operator: 'Exists' })).toBe(true)
  expect(tolerating({ key: 'gpu', value: 'false' })).toBe(false)
  expect(tolerating({ key: 'gpu', operator: 'Exists', effect: 'NoExecute' })).toBe(false)
  expect(serves(pool([], { taints: [{ key: 'gpu', effect: 'PreferNoSchedule' }] }), {})).toBe(true)
})

test('the table has what Karpenter publishes', () => {
  const find = (name: string) => instanceTypes.find((type) => type.name === name)
  expect(find('g5.xlarge')).toMatchObject({ cpuMillis: 3920, memoryMiB: 14_162, gpus: 1, ebsMbps: 3500 })
  expect(find('g6e.xlarge')).toMatchObject({ cpuMillis: 3920, memoryMiB: 29_317, gpuName: 'l40s' })
  expect(find('p4d.24xlarge')).toMatchObject({ gpus: 8, ebsMbps: 19_000 })
  expect(new Set(instanceTypes.map(({ name }) => name)).size).toBe(instanceTypes.length)
})
