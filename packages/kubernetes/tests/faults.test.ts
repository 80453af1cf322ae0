import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Cluster } from '@prebake/rollout'
import { startApiServer, type ApiServer } from '@prebake/simulator/api-server'
import { connectCluster } from '../src/index.ts'
import { recordedClock } from './recorded-clock.ts'

const { signal } = new AbortController()
const write = { dryRun: false, force: false }
const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'default' }
const document = (value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default' },
  data: { value },
})
const operation = 'apply ConfigMap default/a'

let server: ApiServer
let cluster: Cluster
beforeEach(async () => {
  server = await startApiServer()
  cluster = (await connectCluster({ kubeconfig: server.kubeconfig, clock: recordedClock() })).cluster
})
afterEach(async () => await server[Symbol.asyncDispose]())

test.each([{ kind: 'reset', after: true }, { kind: 'reset' }] as const)(
  'an apply that meets %j is sent again, and is there once',
  async (effect) => {
    server.inject({ operation, effect })
    const applied = await cluster.apply(document('1'), write, signal)
    expect(server.objects('ConfigMap')).toMatchObject([
      { data: { value: '1' }, metadata: { resourceVersion: applied.metadata.resourceVersion } },
    ])
    expect(server.requests().filter((request) => request.operation === operation)).toHaveLength(2)
  },
)

test.each([
  [409, 'Conflict', false, 1],
  [429, 'TooManyRequests', true, 4],
  [500, 'InternalError', true, 4],
])('%i to an apply for good: it has not happened, and says whether it is transient', async (status, code, transient, sent) => {
  server.inject({ operation, times: Infinity, effect: { kind: 'error', status, code, message: 'injected' } })
  await expect(cluster.apply(document('1'), write, signal)).rejects.toMatchObject({ status, code, transient })
  expect(server.objects('ConfigMap')).toEqual([])
  expect(server.requests().filter((request) => request.operation === operation)).toHaveLength(sent)
})

test('a watch that the server ends is taken up where it was: a change in between is seen', async () => {
  await cluster.apply(document('1'), write, signal)
  const limit = AbortSignal.timeout(20_000)
  const watches = () => server.requests().filter((request) => request.operation === 'watch ConfigMap')
  const closeAndChange = async () => {
    while (watches().length === 0) await setTimeout(1, undefined, { signal: limit })
    server.closeWatches()
    server.change('ConfigMap', { data: { value: '2' } }, { manager: 'other' })
  }
  const end = new AbortController()
  const closed = closeAndChange()
  const seen: unknown[] = []
  for await (const _ of cluster.changes(reference, AbortSignal.any([end.signal, limit]))) {
    seen.push((await cluster.get(reference, signal))?.['data'])
    if (seen.length === 2) end.abort()
  }
  await closed
  expect(seen).toEqual([{ value: '1' }, { value: '2' }])
  expect(watches()).toHaveLength(2)
})
