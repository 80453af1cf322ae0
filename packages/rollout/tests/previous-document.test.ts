import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { ownedFields } from '../src/restore/owned-fields.ts'
import { previousDocument } from '../src/restore/previous-document.ts'

const object = {
  metadata: { labels: { app: 'vllm', other: 'x' }, finalizers: ['ours', 'theirs'] },
  spec: {
    replicas: 3,
    containers: [
      { name: 'sidecar', image: 'theirs:1' },
      { name: 'vllm', image: 'ours:1', imagePullPolicy: 'Always', ports: [{ containerPort: 8000, protocol: 'TCP', name: 'http' }] },
    ],
    args: ['a', 'b'],
    empty: {},
  },
}

// As kube-apiserver writes them for an apply.
test('what a manager owns, by field, by key and by value', () => {
  const fieldsV1 = {
    'f:metadata': { 'f:labels': { 'f:app': {} }, 'f:finalizers': { 'v:"ours"': {} } },
    'f:spec': {
      'f:args': {},
      'f:gone': {},
      'f:empty': { '.': {} },
      'f:containers': {
        'k:{"name":"vllm"}': {
          '.': {},
          'f:image': {},
          'f:name': {},
          'f:ports': { 'k:{"containerPort":8000,"protocol":"TCP"}': { '.': {}, 'f:name': {} } },
        },
      },
    },
  }
  expect(ownedFields(object, fieldsV1)).toEqual({
    metadata: { labels: { app: 'vllm' }, finalizers: ['ours'] },
    spec: {
      args: ['a', 'b'],
      empty: {},
      containers: [{ name: 'vllm', image: 'ours:1', ports: [{ containerPort: 8000, protocol: 'TCP', name: 'http' }] }],
    },
  })
})

const deployment = (spec: object, ours?: object, more: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'vllm',
    namespace: 'default',
    uid: 'u1',
    resourceVersion: '7',
    managedFields: [
      { manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': { 'f:paused': {} } } },
      // Of a scale by ourselves: not of an apply.
      { manager: 'prebake', operation: 'Update', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
      ...(ours === undefined ? [] : [{ manager: 'prebake', operation: 'Apply', fieldsV1: { 'f:spec': ours } }]),
    ],
    ...more,
  },
  spec,
  status: { replicas: 3 },
})
const document = (spec: object): KubernetesObject => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'vllm' }, spec })
const live = deployment({ replicas: 9 })

test.each<[title: string, before: KubernetesObject, spec: object, expected: object]>([
  [
    'ours come back, what was added goes, what others set stays theirs',
    deployment({ template: 'old', paused: false, strategy: 'x' }, { 'f:template': {} }),
    { template: 'new', minReadySeconds: 5 },
    { template: 'old' },
  ],
  [
    'what we had given up comes back',
    deployment({ template: 'old', strategy: 'x' }, { 'f:template': {}, 'f:strategy': {} }),
    { template: 'new' },
    { template: 'old', strategy: 'x' },
  ],
  [
    'what we took from others comes back',
    deployment({ template: 'old', paused: false }, { 'f:template': {} }),
    { template: 'new', paused: true },
    { template: 'old', paused: false },
  ],
  ['what another manager made', deployment({ template: 'old', replicas: 3 }), { template: 'new' }, { template: 'old' }],
  [
    "an autoscaler's replicas are left alone",
    deployment({ template: 'old', replicas: 3 }, { 'f:template': {} }),
    { template: 'new' },
    { template: 'old' },
  ],
  ['our own replicas come back', deployment({ replicas: 3 }, { 'f:replicas': {} }), { replicas: 5 }, { replicas: 3 }],
  [
    'replicas that we took stay what they are',
    deployment({ template: 'old', replicas: 3 }, { 'f:template': {} }),
    { template: 'new', replicas: 5 },
    { template: 'old', replicas: 9 },
  ],
])('%s', (_title, before, spec, expected) => {
  expect(previousDocument({ before, document: document(spec), live })).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'vllm', namespace: 'default' },
    spec: expected,
  })
})

test('the whole of what it said, but for who scales it', () => {
  const before = deployment({ template: 'old', paused: false, replicas: 3 }, { 'f:template': {} })
  const previous = previousDocument({ before, document: document({ template: 'new' }), live }, true)
  expect(previous['spec']).toEqual({ template: 'old', paused: false })
  expect(previous).not.toHaveProperty('status')
  expect(previous.metadata).toEqual({ name: 'vllm', namespace: 'default' })
})

test('a pause that a dead run left is not restored', () => {
  const budgets = (nodes: string) => ({ disruption: { budgets: [{ nodes }] } })
  const fieldsV1 = { 'f:metadata': { 'f:annotations': { 'f:prebake.dev/held': {}, 'f:a': {} } }, 'f:spec': { 'f:disruption': {} } }
  const annotations = { 'prebake.dev/held': 'dead', a: 'b' }
  const before = { ...deployment(budgets('0')), kind: 'NodePool' }
  const metadata = { ...before.metadata, annotations, managedFields: [{ manager: 'prebake', operation: 'Apply', fieldsV1 }] }
  const previous = previousDocument({ before: { ...before, metadata }, document: document(budgets('1')), live })
  expect(previous.metadata.annotations).toEqual({ a: 'b' })
  expect(previous['spec']).toEqual(budgets('1'))
})
