import { expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import { versionOf, type ReadBack, type Version } from '../src/observe/read-back.ts'
import { matchingVersion } from '../src/pause/matching-version.ts'

const label = 'prebake.dev/nodeclass'
const pool = (value: string, labels: object = { [label]: value }): KubernetesObject => ({
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'vllm', uid: 'u' },
  spec: { template: { metadata: { labels }, spec: { nodeClassRef: { name: value } } } },
})
const deployment = (image: string, nodeSelector: object): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vllm', namespace: 'default', uid: 'u' },
  spec: { template: { image, spec: { nodeSelector } } },
})
function readBackOf(before: KubernetesObject | undefined, after: KubernetesObject, live: KubernetesObject): ReadBack {
  const manifest = { document: after, file: 'vllm.yaml', line: 1 }
  return { manifest, before, after, changes: true, live, version: versionOf(live, { before, after }) }
}
const old = deployment('one', { [label]: 'a' })
const next = deployment('two', { [label]: 'b' })
const stranger = deployment('three', { [label]: 'a' })

test.each<[string, live: string, KubernetesObject, 'before' | 'after' | undefined]>([
  ['both are old', 'a', old, 'before'],
  ['both are new', 'b', next, 'after'],
  ['only the NodePool is new', 'b', old, 'before'],
  ['only the Deployment is new', 'a', next, 'after'],
  ['another client deploys what selects the old nodes', 'b', stranger, 'before'],
  ['another client deploys what selects neither', 'b', deployment('three', { [label]: 'c' }), undefined],
])('%s', (_title, live, now, side) => {
  expect(matchingVersion(readBackOf(pool('a'), pool('b'), pool(live)), [readBackOf(old, next, now)], 'after')).toBe(side)
})

test("with the user's own label the versions decide", () => {
  const mine = { mine: 'yes' }
  const [was, will] = [deployment('one', mine), deployment('two', mine)]
  const [a, b] = [pool('a', mine), pool('b', mine)]
  expect(matchingVersion(readBackOf(a, b, b), [readBackOf(was, will, was)], 'after')).toBe('before')
  expect(matchingVersion(readBackOf(a, b, b), [readBackOf(was, will, will)], 'after')).toBe('after')
  // A Deployment that does not change belongs with either.
  expect(matchingVersion(readBackOf(a, b, b), [readBackOf(was, was, was)], 'before')).toBe('after')
})

test('two Deployments on two versions belong with neither', () => {
  const deployments = [readBackOf(old, next, old), readBackOf(old, next, next)]
  expect(matchingVersion(readBackOf(pool('a'), pool('b'), pool('b')), deployments, 'after')).toBeUndefined()
})

test.each<[string, KubernetesObject | undefined, KubernetesObject | undefined, Version]>([
  ['it was not there and is not', undefined, undefined, 'before'],
  ['it is new', undefined, next, 'after'],
  ['it is gone', old, undefined, 'other'],
  ['it was made again', old, { ...old, metadata: { ...old.metadata, uid: 'v' } }, 'other'],
  ['it is as it was', old, old, 'before'],
  [
    'only its replicas and labels differ',
    old,
    { ...old, metadata: { ...old.metadata, labels: { a: 'b' } }, spec: { ...(old['spec'] as object), replicas: 5 } },
    'before',
  ],
  ['it has the new template', old, next, 'after'],
  ['it has a template of another', old, stranger, 'other'],
])('the version of an object: %s', (_title, before, live, version) => {
  expect(versionOf(live, { before, after: next })).toBe(version)
})
