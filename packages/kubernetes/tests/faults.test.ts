import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Cluster } from '@prebake/rollout'
import type { FaultEffect } from '@prebake/simulator'
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

const applies = () => server.requests().filter((request) => request.operation === operation)

test('an apply whose answer is lost is sent again: it has happened once', async () => {
  server.inject({ operation, effect: { kind: 'reset', after: true } })
  const stored = await cluster.apply(document('1'), write, signal)
  expect(server.objects('ConfigMap')).toEqual([stored])
  expect(applies()).toMatchObject([{ fault: 'reset' }, { status: 200 }])
})

test('an apply whose answers are all lost fails, and has happened all the same', async () => {
  server.inject({ operation, times: Infinity, effect: { kind: 'reset', after: true } })
  await expect(cluster.apply(document('1'), write, signal)).rejects.toMatchObject({ transient: true })
  expect(server.objects('ConfigMap')).toMatchObject([{ data: { value: '1' } }])
})

test.each<[string, FaultEffect]>([
  ['a reset before it arrives', { kind: 'reset' }],
  ['429', { kind: 'error', status: 429, code: 'TooManyRequests', message: 'injected' }],
  ['500', { kind: 'error', status: 500, code: 'InternalError', message: 'injected' }],
])('an apply that meets %s is sent again', async (_title, effect) => {
  server.inject({ operation, effect })
  await cluster.apply(document('1'), write, signal)
  expect(applies()).toMatchObject([{ fault: effect.kind }, { status: 201 }])
})

test('an apply that meets 409 is not sent again, and has not happened', async () => {
  server.inject({ operation, effect: { kind: 'error', status: 409, code: 'Conflict', message: 'injected' } })
  await expect(cluster.apply(document('1'), write, signal)).rejects.toMatchObject({ status: 409, transient: false })
  expect([server.objects('ConfigMap'), applies().length]).toEqual([[], 1])
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
