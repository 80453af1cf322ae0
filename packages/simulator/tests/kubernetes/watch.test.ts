import { expect, test } from '@jest/globals'
import type { KubeObject } from '../../src/kubernetes/objects.ts'
import { classes, nodeClass, useApiServer } from './start-api.ts'

const { server, open, call, apply } = useApiServer()

/** Opens a watch (its headers come at once), does something, and reads so many events. */
async function watch(query: string, count: number, act: () => unknown = () => undefined) {
  const response = await open('GET', `${classes}?watch=1${query}`)
  expect(response.status).toBe(200)
  await act()
  let text = ''
  const lines = () => text.split('\n').slice(0, -1)
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (lines().length >= count) break
  }
  return lines().map((line) => JSON.parse(line) as { type: string; object: KubeObject & { code?: number; reason?: string } })
}

test('a watch without a version sends what is there, and then each change with a higher version', async () => {
  await apply(`${classes}/vllm`, nodeClass())
  const events = await watch('', 2, () => server().change('EC2NodeClass', { spec: { role: 'other' } }))
  expect(events.map(({ type, object }) => `${type} ${object.kind} ${object.metadata.generation}`)).toEqual([
    'ADDED EC2NodeClass 1',
    'MODIFIED EC2NodeClass 2',
  ])
  const [first, second] = events.map(({ object }) => Number(object.metadata.resourceVersion))
  expect(second).toBeGreaterThan(first ?? Infinity)
})

test('a watch from a version sends only what came after it', async () => {
  await apply(`${classes}/vllm`, nodeClass())
  const version = (await call('GET', classes)).body.metadata.resourceVersion
  const events = await watch(`&resourceVersion=${version}`, 1, () => server().remove('EC2NodeClass'))
  expect(events).toMatchObject([{ type: 'DELETED', object: { metadata: { name: 'vllm' } } }])
})

test('a version from before the history is expired', async () => {
  expect(await watch('&resourceVersion=1', 1)).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }])
})

test('what stops matching a selector is sent as deleted', async () => {
  await apply(`${classes}/vllm`, nodeClass({ tier: 'a' }))
  const events = await watch('&labelSelector=tier%3Da', 2, () => apply(`${classes}/vllm`, nodeClass({ tier: 'b' })))
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED'])
})
