import { expect, test } from '@jest/globals'
import { diffObjects, type KubernetesObject } from '../src/index.ts'

const object = (kind: string, fields: object, metadata: object = {}): KubernetesObject => ({
  apiVersion: kind === 'NodePool' ? 'karpenter.sh/v1' : 'v1',
  kind,
  metadata: { name: 'vllm', ...metadata },
  ...fields,
})
const spec = (before: unknown, after: unknown) => diffObjects(object('NodePool', { spec: before }), object('NodePool', { spec: after }))

test.each<[title: string, before: unknown, after: unknown, lines: string[]]>([
  ['nothing', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
  ['the order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
  [
    'a value',
    { template: { ref: { name: 'vllm-aaa' } } },
    { template: { ref: { name: 'vllm-bbb' } } },
    ['spec.template.ref.name: vllm-aaa → vllm-bbb'],
  ],
  ['a field more', {}, { replicas: 2 }, ['spec.replicas: (not set) → 2']],
  ['a field less', { replicas: 2 }, {}, ['spec.replicas: 2 → (not set)']],
  [
    'a name with a slash',
    { limits: { 'nvidia.com/gpu': 4 } },
    { limits: { 'nvidia.com/gpu': 8 } },
    ["spec.limits['nvidia.com/gpu']: 4 → 8"],
  ],
  ['a number as a text', { nodes: 1 }, { nodes: '1' }, ['spec.nodes: 1 → "1"']],
  ['an item by its name', { c: [{ name: 'a', x: 1 }, { name: 'b' }] }, { c: [{ name: 'b' }, { name: 'a', x: 2 }] }, ['spec.c[a].x: 1 → 2']],
  [
    'an item by its device',
    { m: [{ deviceName: '/dev/xvdb', ebs: { iops: 1 } }] },
    { m: [{ deviceName: '/dev/xvdb', ebs: { iops: 2 } }] },
    ['spec.m[/dev/xvdb].ebs.iops: 1 → 2'],
  ],
  [
    'an item more, field by field',
    { c: [{ name: 'a' }] },
    { c: [{ name: 'a' }, { name: 'b', x: 1 }] },
    ['spec.c[b].name: (not set) → b', 'spec.c[b].x: (not set) → 1'],
  ],
  ['a list by its places', { args: ['a', 'b'] }, { args: ['a', 'c', 'd'] }, ['spec.args[1]: b → c', 'spec.args[2]: (not set) → d']],
  [
    'two items of one name, by their places',
    { c: [{ name: 'a' }, { name: 'a' }] },
    { c: [{ name: 'a' }, { name: 'z' }] },
    ['spec.c[1].name: a → z'],
  ],
  ['an empty object that goes', { v: { emptyDir: {} } }, { v: {} }, ['spec.v.emptyDir: {} → (not set)']],
  ['an object in place of a text', { v: 'x' }, { v: { y: 1 } }, ['spec.v: x → {"y":1}']],
  ['a list in place of nothing', { v: null }, { v: ['x'] }, ['spec.v: null → ["x"]']],
  ['a text with spaces', { v: '' }, { v: 'a b' }, ['spec.v: "" → "a b"']],
])('%s', (_title, before, after, lines) => {
  expect(spec(before, after)).toEqual(lines.map((line) => `NodePool vllm  ${line}`))
})

test('what the server keeps by itself is left out, labels and annotations are not', () => {
  const books = (count: number) => ({
    uid: `u${count}`,
    resourceVersion: String(count),
    generation: count,
    creationTimestamp: `2026-01-0${count}T00:00:00Z`,
    managedFields: [{ manager: 'prebake', time: String(count) }],
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': String(count), own: String(count) },
    labels: { app: 'vllm' },
  })
  const before = object('Pod', { status: { phase: 'Pending' } }, books(1))
  const after = object('Pod', { status: { phase: 'Running' } }, books(2))
  expect(diffObjects(before, after)).toEqual(['Pod vllm  metadata.annotations.own: "1" → "2"'])
})

test('what a Secret holds is never shown', () => {
  const secret = (password: string, more = {}) => object('Secret', { data: { password, ...more }, type: 'Opaque' })
  const lines = diffObjects(secret('b2xkLXNlY3JldA=='), secret('bmV3LXNlY3JldA==', { token: 'aGYtdG9rZW4=' }))
  expect(lines).toEqual(['Secret vllm  data.password: (hidden) → (hidden)', 'Secret vllm  data.token: (not set) → (hidden)'])
  const odd = diffObjects(object('Secret', { stringData: 'hunter2' }), object('Secret', { stringData: { 'a/b': ['hunter3'] } }))
  expect(odd.join()).not.toMatch(/hunter/)
  expect(odd).not.toEqual([])
})

test('a new object: every field that it sets', () => {
  expect(diffObjects(undefined, object('NodePool', { spec: { weight: 1 } }))).toEqual([
    'NodePool vllm  metadata.name: (not set) → vllm',
    'NodePool vllm  spec.weight: (not set) → 1',
  ])
})

test('a long value is cut', () => {
  const [line = ''] = spec({ v: 'a' }, { v: 'x'.repeat(5000) })
  expect(line.length).toBeLessThan(260)
})
