import type { ServerResponse } from 'node:http'
import { expect, test } from '@jest/globals'
import { systemClock, type Clock } from '@prebake/kernel'
import { createApiClient } from '../src/api-client.ts'
import { watchObjects, type Change } from '../src/watch-objects.ts'
import { collect } from './collect.ts'
import { recordedClock } from './recorded-clock.ts'
import { answerJson, answerStatus, scriptedServer, type Script } from './scripted-server.ts'

const kind = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true }
const pod = (name: string, resourceVersion: string, uid = name) => ({ metadata: { name, namespace: 'default', uid, resourceVersion } })
const line = (type: string, object: object) => `${JSON.stringify({ type, object: { apiVersion: 'v1', kind: 'Pod', ...object } })}\n`
const answerList = (response: ServerResponse, resourceVersion: string, ...items: object[]) =>
  answerJson(response, { kind: 'PodList', metadata: { resourceVersion }, items })

/** Answers lists and watches one after the other; the last of each for ever. */
function script(lists: readonly ((response: ServerResponse) => void)[], watches: readonly ((response: ServerResponse) => void)[]): Script {
  const left = { lists: [...lists], watches: [...watches] }
  return ({ url }, response) => {
    const queue = url.includes('watch=1') ? left.watches : left.lists
    const answer = queue.length > 1 ? queue.shift() : queue[0]
    answer?.(response)
  }
}

/** Watches until `count` changes came, or for as long as the watch goes. */
async function watchFor(url: string, count: number, clock: Clock = recordedClock(), silenceLimitMs = 10_000) {
  const client = createApiClient({ address: url, authenticate: () => Promise.resolve({}), clock, silenceLimitMs })
  const end = new AbortController()
  const seen: string[] = []
  const tell = ({ type, object: { metadata } }: Change) => `${type} ${metadata.name} ${metadata.resourceVersion}`
  for await (const change of watchObjects(client, { kind, namespace: 'default', labelSelector: 'app=vllm' }, clock, end.signal)) {
    seen.push(tell(change))
    if (seen.length === count) end.abort()
  }
  return seen
}

const versionsOf = (requests: readonly { url: string }[]) =>
  requests
    .map(({ url }) => new URL(url, 'http://x').searchParams)
    .map((query) => (query.has('watch') ? `watch ${query.get('resourceVersion')}` : 'list'))

test('lists, then watches from there, in one namespace and with the selector; ends without an error on abort', async () => {
  const open = (response: ServerResponse) => void response.write(line('MODIFIED', pod('a', '6')) + line('DELETED', pod('a', '7')))
  await using api = await scriptedServer(script([(response) => answerList(response, '5', pod('a', '4'))], [open]))
  expect(await watchFor(api.url, 3)).toEqual(['ADDED a 4', 'MODIFIED a 6', 'DELETED a 7'])
  expect(versionsOf(api.requests)).toEqual(['list', 'watch 5'])
  for (const { url } of api.requests) {
    expect(url).toMatch(/^\/api\/v1\/namespaces\/default\/pods\?/)
    expect(new URL(url, 'http://x').searchParams.get('labelSelector')).toBe('app=vllm')
  }
})

test('reads all pages of a list, and begins again when they have expired', async () => {
  let expired = false
  await using api = await scriptedServer(({ url }, response) => {
    const query = new URL(url, 'http://x').searchParams
    if (query.has('watch')) return void response.write(line('ADDED', pod('c', '9')))
    if (!query.has('continue'))
      return answerJson(response, { metadata: { resourceVersion: '8', continue: 'next' }, items: [pod('a', '1')] })
    if (!expired) {
      expired = true
      return answerStatus(response, 410, 'Expired', 'The provided continue parameter is too old')
    }
    return answerList(response, '8', pod('b', '2'))
  })
  expect(await watchFor(api.url, 3)).toEqual(['ADDED a 1', 'ADDED b 2', 'ADDED c 9'])
})

test('characters that are cut between chunks come out whole', async () => {
  const bytes = Buffer.from(line('ADDED', pod('größe-🚀', '6')))
  const drip = async (response: ServerResponse) => {
    for (const byte of bytes) await new Promise((resolve) => response.write(Buffer.of(byte), resolve))
  }
  await using api = await scriptedServer(script([(response) => answerList(response, '5')], [(response) => void drip(response)]))
  expect(await watchFor(api.url, 1)).toEqual(['ADDED größe-🚀 6'])
})

const gone = { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message: 'too old resource version: 5 (9)' }
test.each([
  ['an event', (response: ServerResponse) => void response.end(line('ERROR', gone))],
  ['an answer', (response: ServerResponse) => answerJson(response, gone, 410)],
])('410 as %s: lists again and tells only what differs', async (_, answerGone) => {
  const first = (response: ServerResponse) =>
    answerList(response, '5', pod('same', '1'), pod('changed', '2'), pod('gone', '3'), pod('again', '4', 'old'))
  const second = (response: ServerResponse) =>
    answerList(response, '20', pod('same', '1'), pod('changed', '12'), pod('new', '13'), pod('again', '14', 'new'))
  const open = (response: ServerResponse) => void response.write(line('MODIFIED', pod('same', '21')))
  await using api = await scriptedServer(script([first, second], [answerGone, open]))
  expect((await watchFor(api.url, 10)).slice(4)).toEqual([
    'DELETED gone 3',
    'DELETED again 4',
    'MODIFIED changed 12',
    'ADDED new 13',
    'ADDED again 14',
    'MODIFIED same 21',
  ])
  expect(versionsOf(api.requests)).toEqual(['list', 'watch 5', 'list', 'watch 20'])
})

test.each([
  ['ended', (response: ServerResponse) => void response.end()],
  ['reset', (response: ServerResponse) => void response.socket?.resetAndDestroy()],
  ['cut in a line', (response: ServerResponse) => void response.end('{"type":"ADD')],
])('a watch that is %s is taken up where it was, bookmarks counted', async (_, stop) => {
  const broken = (response: ServerResponse) =>
    void response.write(line('ADDED', pod('a', '6')) + line('BOOKMARK', { metadata: { resourceVersion: '9' } }), () =>
      setImmediate(stop, response),
    )
  const open = (response: ServerResponse) => void response.write(line('ADDED', pod('b', '10')))
  await using api = await scriptedServer(script([(response) => answerList(response, '5')], [broken, open]))
  const clock = recordedClock()
  expect(await watchFor(api.url, 2, clock)).toEqual(['ADDED a 6', 'ADDED b 10'])
  expect(versionsOf(api.requests)).toEqual(['list', 'watch 5', 'watch 9'])
  expect(clock.pauses).toEqual([])
})

test('a silent watch is taken up again', async () => {
  const silent = (response: ServerResponse) => void response.write(line('ADDED', pod('a', '6')))
  const open = (response: ServerResponse) => void response.write(line('ADDED', pod('b', '7')))
  await using api = await scriptedServer(script([(response) => answerList(response, '5')], [silent, open]))
  expect(await watchFor(api.url, 2, systemClock(), 40)).toEqual(['ADDED a 6', 'ADDED b 7'])
})

test('a watch that cannot be taken up again ends with the last failure, after longer and longer pauses', async () => {
  const answers = [
    (response: ServerResponse) => void response.end(),
    (response: ServerResponse) => answerStatus(response, 503, 'ServiceUnavailable', 'down'),
  ]
  await using api = await scriptedServer(script([(response) => answerList(response, '5')], answers))
  const clock = recordedClock()
  await expect(watchFor(api.url, 1, clock)).rejects.toThrow('watch Pod in default: ServiceUnavailable: down')
  expect(clock.pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30])
})

test('a watch that ends at once, again and again, is not taken up in a hot loop', async () => {
  const watches = Array.from({ length: 5 }, () => (response: ServerResponse) => void response.end())
  const open = (response: ServerResponse) => void response.write(line('ADDED', pod('a', '6')))
  await using api = await scriptedServer(script([(response) => answerList(response, '5')], [...watches, open]))
  const clock = recordedClock()
  expect(await watchFor(api.url, 1, clock)).toEqual(['ADDED a 6'])
  expect(clock.pauses).toEqual([1, 2, 4, 8])
})

test('a watch that breaks again and again, but was open for a while each time, goes on', async () => {
  const recorded = recordedClock()
  const clock = { ...recorded, now: () => (recorded.pass(10_000), recorded.now()) }
  const broken = (response: ServerResponse) => (response.flushHeaders(), void setImmediate(() => response.destroy()))
  const open = (response: ServerResponse) => void response.write(line('ADDED', pod('a', '6')))
  const watches = [...Array.from({ length: 12 }, () => broken), open]
  await using api = await scriptedServer(script([(response) => answerList(response, '5')], watches))
  expect(await watchFor(api.url, 1, clock)).toEqual(['ADDED a 6'])
  expect(recorded.pauses).toEqual([])
})

test('a refusal of the server is thrown at once', async () => {
  const refused = (response: ServerResponse) =>
    answerStatus(response, 403, 'Forbidden', 'pods is forbidden: User "ci" cannot watch resource "pods"')
  await using api = await scriptedServer(script([(response) => answerList(response, '5')], [refused]))
  await expect(watchFor(api.url, 1)).rejects.toMatchObject({ operation: 'watch Pod in default', code: 'Forbidden', status: 403 })
})

test('a watch that is aborted while nothing happens ends without an error', async () => {
  const end = new AbortController()
  await using api = await scriptedServer(
    script([(response) => answerList(response, '5')], [(response) => (response.flushHeaders(), end.abort())]),
  )
  const client = createApiClient({ address: api.url, authenticate: () => Promise.resolve({}), clock: recordedClock() })
  expect(await collect(watchObjects(client, { kind }, recordedClock(), end.signal))).toEqual([])
})
