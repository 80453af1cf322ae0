import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '../src/index.ts'
import { sameContent } from '../src/same-content.ts'

const object = (metadata: object, fields: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  ...fields,
})
const before = object(
  { uid: 'u', resourceVersion: '1', generation: 1, labels: { a: '1' } },
  { spec: { x: [1, { y: 2 }] }, status: { phase: 'Pending' } },
)

test.each<[title: string, metadata: object, fields: object, same: boolean]>([
  [
    'the server keeps its books',
    { resourceVersion: '2', generation: 2, managedFields: [{ manager: 'prebake' }] },
    { status: { phase: 'Pending' } },
    true,
  ],
  ['a controller writes the status', {}, { status: { phase: 'Running' } }, true],
  ['the status goes', {}, {}, true],
  ['the order of keys', {}, { spec: { x: [1, { y: 2 }] } }, true],
  ['a field deep in the spec', {}, { spec: { x: [1, { y: 3 }] } }, false],
  ['a field more', {}, { spec: { x: [1, { y: 2 }], z: null } }, false],
  ['a label', { labels: { a: '2' } }, {}, false],
  ['another object of the name', { uid: 'v' }, {}, false],
  ['data beside the spec', {}, { data: {} }, false],
])('%s', (_title, metadata, fields, same) => {
  expect(sameContent(before, object({ uid: 'u', labels: { a: '1' }, ...metadata }, { spec: { x: [1, { y: 2 }] }, ...fields }))).toBe(same)
})
