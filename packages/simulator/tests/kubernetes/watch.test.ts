import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { KubeObject, NodeClaim } from '../../src/kubernetes/objects.ts'
import { baked, nodeClass, nodeClassPath } from './manifests.ts'
import { startKubernetes, token, type StartedKubernetes } from './start-kubernetes.ts'

let cluster: StartedKubernetes
beforeEach(async () => {
  cluster = await startKubernetes()
})
afterEach(() => cluster.stop())

interface WatchEvent {
  readonly type: string
  readonly object: KubeObject & { code?: number }
}

/** Reads a watch until `enough` says so, or it ends. */
async function read(path: string, enough: (events: readonly WatchEvent[]) => boolean): Promise<readonly WatchEvent[]> {
  const response = await fetch(cluster.url + path, { headers: { authorization: `Bearer ${token}` } })
  const events: WatchEvent[] = []
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    events.push(...lines.map((line) => JSON.parse(line) as WatchEvent))
    if (enough(events)) break
  }
  return events
}

const pods = '/api/v1/namespaces/default/pods?watch=1'

test('a watch tells what is there, and then every change with a higher version', async () => {
  await cluster.applyAll(baked())
  const events = await read(`${pods}&labelSelector=app%3Dvllm`, (seen) => seen.filter(({ type }) => type === 'MODIFIED').length >= 3)
  expect(events[0]?.type).toBe('ADDED')
  const versions = events.map(({ object }) => Number(object.metadata.resourceVersion))
  expect(versions).toEqual(versions.toSorted((a, b) => a - b))
  expect(events.every(({ object }) => object.kind === 'Pod' && object.apiVersion === 'v1')).toBe(true)
})

test('a watch from a version tells only what came after it', async () => {
  const { body } = await cluster.call('GET', '/apis/karpenter.k8s.aws/v1/ec2nodeclasses')
  const version = body.metadata.resourceVersion
  await cluster.apply(nodeClassPath, nodeClass('snap-1'))
  const path = `/apis/karpenter.k8s.aws/v1/ec2nodeclasses?watch=true&resourceVersion=${version}`
  const [first] = await read(path, (seen) => seen.length > 0)
  expect([first?.type, first?.object.metadata.name]).toEqual(['ADDED', 'vllm'])
})

test('headers come at once, and a watch ends by itself', async () => {
  const started = cluster.clock.now().getTime()
  expect(await read(`${pods}&timeoutSeconds=30`, () => false)).toEqual([])
  expect((cluster.clock.now().getTime() - started) / 1000).toBeGreaterThanOrEqual(30)
  const asked = cluster.clock.now().getTime()
  const response = await fetch(cluster.url + pods, { headers: { authorization: `Bearer ${token}` } })
  expect(response.status).toBe(200)
  // Half a second of real time; without any change nothing else is sent for an hour.
  expect((cluster.clock.now().getTime() - asked) / 1000).toBeLessThan(600)
  await response.body?.cancel()
})

test('a version from before the history is expired', async () => {
  const events = await read(`${pods}&resourceVersion=1`, (seen) => seen.length > 0)
  expect(events).toEqual([{ type: 'ERROR', object: expect.objectContaining({ code: 410, reason: 'Expired' }) }])
})

test('what stops matching a selector is told as deleted', async () => {
  await cluster.apply(nodeClassPath, { ...nodeClass('snap-1'), metadata: { name: 'vllm', labels: { tier: 'a' } } })
  const path = '/apis/karpenter.k8s.aws/v1/ec2nodeclasses?watch=1&labelSelector=tier%3Da'
  const relabel = cluster.clock
    .sleep(60)
    .then(() => cluster.apply(nodeClassPath, { ...nodeClass('snap-1'), metadata: { name: 'vllm', labels: { tier: 'b' } } }))
  const events = await read(path, (seen) => seen.at(-1)?.type === 'DELETED')
  await relabel
  expect(events.map(({ type }) => type)).toEqual(['ADDED', ...events.slice(1, -1).map(() => 'MODIFIED'), 'DELETED'])
})

test('while a node starts, the reason of Initialized walks as the real one does', async () => {
  const { resourceVersion } = (await cluster.call('GET', '/apis/karpenter.sh/v1/nodeclaims')).body.metadata
  await cluster.applyAll(baked())
  const reasonOf = (object: unknown) => (object as NodeClaim).status.conditions.find(({ type }) => type === 'Initialized')?.reason
  const events = await read(
    `/apis/karpenter.sh/v1/nodeclaims?watch=1&resourceVersion=${resourceVersion}`,
    (seen) => reasonOf(seen.at(-1)?.object) === 'Initialized',
  )
  const walk = events.map(({ object }) => reasonOf(object))
  expect(walk.filter((reason, index) => reason !== walk[index - 1])).toEqual([
    'AwaitingReconciliation',
    'NodeNotFound',
    'NodeNotReady',
    'ResourceNotRegistered',
    'Initialized',
  ])
})
