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

test('a write whose answer is lost has happened, and may be sent again', async () => {
  server.inject({ operation, effect: { kind: 'reset', after: true } })
  await expect(cluster.apply(document('1'), write, signal)).rejects.toMatchObject({ transient: true })
  expect(server.objects('ConfigMap')).toMatchObject([{ data: { value: '1' } }])
  const { resourceVersion } = server.objects('ConfigMap')[0]?.metadata ?? {}
  expect(await cluster.apply(document('1'), write, signal)).toMatchObject({ metadata: { resourceVersion } })
})

test('a write whose connection breaks before it arrives has not happened', async () => {
  server.inject({ operation, effect: { kind: 'reset' } })
  await expect(cluster.apply(document('1'), write, signal)).rejects.toMatchObject({ transient: true })
  expect(server.objects('ConfigMap')).toEqual([])
})

test.each([
  [409, 'Conflict', false],
  [429, 'TooManyRequests', true],
  [500, 'InternalError', true],
])('%i to a write: it is not sent again by the client, and has not happened', async (status, code, transient) => {
  server.inject({ operation, effect: { kind: 'error', status, code, message: 'injected' } })
  await expect(cluster.apply(document('1'), write, signal)).rejects.toMatchObject({ status, code, transient })
  expect(server.objects('ConfigMap')).toEqual([])
  expect(server.requests().filter((request) => request.operation === operation)).toMatchObject([{ status, fault: 'error' }])
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
