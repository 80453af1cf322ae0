import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { KubernetesObject } from '@prebake/manifests'
import type { Observation } from '@prebake/startup'
import type { ClusterConnection } from '../src/index.ts'

/** A cluster to hold to the contract, with an empty namespace in which nothing else happens. */
export interface ClusterUnderTest {
  readonly namespace: string
  /** The same cluster, as someone whom it knows and as someone whom it does not. */
  connect(as: 'admin' | 'stranger'): Promise<ClusterConnection>
  stop(): Promise<void>
}

/** What the use cases may rely on, whatever API server is behind the ports: a simulated one or a real one. */
export function describeCluster(name: string, makeConnection: () => Promise<ClusterUnderTest>): void {
  describe(`Cluster and Workload on ${name}`, () => {
    let under: ClusterUnderTest
    let connection: ClusterConnection
    const { signal } = new AbortController()
    const write = { dryRun: false, force: false }
    const unique = (kind: string) => `${kind}-${randomBytes(4).toString('hex')}`
    beforeAll(async () => {
      under = await makeConnection()
      connection = await under.connect('admin')
    })
    afterAll(() => under?.stop())

    const configMap = (name: string, data: Record<string, string>): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: under.namespace, labels: { contract: name } },
      data,
    })
    const container = { name: 'main', image: 'registry.test/contract:1' }
    const deployment = (name: string, replicas: number): KubernetesObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: under.namespace },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
      },
    })
    const pod = (name: string, group: string, step: string): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: under.namespace, labels: { group }, annotations: { 'contract.test/step': step } },
      // On no node, so that nothing but the test changes it.
      spec: { containers: [container], nodeSelector: { 'contract.test/node': 'none' } },
    })

    test('tells where it is and which version it runs', async () => {
      expect(connection.cluster.address).toBe(connection.address)
      expect(await connection.cluster.version(signal)).toMatch(/^v1\.\d+\.\d+/)
    })

    test('does not let a stranger in', async () => {
      const { cluster } = await under.connect('stranger')
      await expect(cluster.list({ apiVersion: 'v1', kind: 'Node' }, signal)).rejects.toMatchObject({
        status: 401,
        code: 'Unauthorized',
        hint: expect.stringContaining('access entry'),
      })
    })

    test('knows its kinds', async () => {
      const discover = (apiVersion: string, kind: string) => connection.cluster.discover(apiVersion, kind, signal)
      expect(await discover('apps/v1', 'Deployment')).toEqual({ namespaced: true })
      expect(await discover('v1', 'Node')).toEqual({ namespaced: false })
      expect(await discover('apps/v1', 'Scale')).toBeUndefined()
      expect(await discover('v1', 'Nonsense')).toBeUndefined()
      expect(await discover('nonsense.test/v1', 'Deployment')).toBeUndefined()
    })

    test('has no object that was not applied, and refuses a kind that it does not know', async () => {
      const { cluster, workload } = connection
      const { namespace } = under
      expect(await cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', name: unique('no'), namespace }, signal)).toBeUndefined()
      expect(await workload.deployment(unique('no'), namespace, signal)).toBeUndefined()
      const unknown = { apiVersion: 'nonsense.test/v1', kind: 'Nonsense' }
      const refusal = { status: 404, code: 'NotFound', errorCode: 'kind-not-served' }
      await expect(cluster.get({ ...unknown, name: 'x' }, signal)).rejects.toMatchObject(refusal)
      await expect(cluster.list(unknown, signal)).rejects.toMatchObject(refusal)
      await expect(cluster.apply({ ...unknown, metadata: { name: 'x' } }, write, signal)).rejects.toMatchObject(refusal)
    })

    test('refuses an apply at a version that is no longer the present one, by force too', async () => {
      const { cluster } = connection
      const name = unique('map')
      const at = (value: string, { metadata: { resourceVersion = '' } }: KubernetesObject): KubernetesObject => {
        const document = configMap(name, { a: value })
        return { ...document, metadata: { ...document.metadata, resourceVersion } }
      }
      const first = await cluster.apply(configMap(name, { a: '1' }), write, signal)
      const second = await cluster.apply(at('2', first), write, signal)
      const refusal = { status: 409, code: 'Conflict' }
      await expect(cluster.apply(at('3', first), write, signal)).rejects.toMatchObject(refusal)
      await expect(cluster.apply(at('3', first), { ...write, force: true }, signal)).rejects.toMatchObject(refusal)
      expect(await cluster.apply(at('3', second), write, signal)).toMatchObject({ data: { a: '3' } })
    })

    test('stores what is applied, and nothing in a dry run', async () => {
      const { cluster } = connection
      const name = unique('map')
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name, namespace: under.namespace }
      const preview = await cluster.apply(configMap(name, { a: '1' }), { ...write, dryRun: true }, signal)
      expect(preview).toMatchObject({ metadata: { name }, data: { a: '1' } })
      expect(await cluster.get(reference, signal)).toBeUndefined()

      const stored = await cluster.apply(configMap(name, { a: '1' }), write, signal)
      expect(await cluster.get(reference, signal)).toEqual(stored)
      const again = await cluster.apply(configMap(name, { a: '1' }), write, signal)
      expect(again.metadata.resourceVersion).toBe(stored.metadata.resourceVersion)
      const changed = await cluster.apply(configMap(name, { a: '2' }), write, signal)
      expect(changed).toMatchObject({ metadata: { uid: stored.metadata.uid }, data: { a: '2' } })
      expect(changed.metadata.resourceVersion).not.toBe(stored.metadata.resourceVersion)
    })

    test('removes an object, once', async () => {
      const { cluster } = connection
      const name = unique('map')
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name, namespace: under.namespace }
      await cluster.apply(configMap(name, {}), write, signal)
      expect(await cluster.remove(reference, signal)).toBe(true)
      expect(await cluster.get(reference, signal)).toBeUndefined()
      expect(await cluster.remove(reference, signal)).toBe(false)
    })

    test('takes away what our document no longer says, and records what it says', async () => {
      const { cluster } = connection
      const name = unique('map')
      await cluster.apply(configMap(name, { a: '1', b: '1' }), write, signal)
      const stored = await cluster.apply(configMap(name, { b: '2' }), write, signal)
      expect(stored['data']).toEqual({ b: '2' })
      const ours = stored.metadata.managedFields?.filter(({ manager, operation }) => manager === 'prebake' && operation === 'Apply')
      expect(ours).toHaveLength(1)
      expect(ours?.[0]?.fieldsV1).toMatchObject({ 'f:data': { 'f:b': {} } })
      expect(ours?.[0]?.fieldsV1).not.toMatchObject({ 'f:data': { 'f:a': {} } })
    })

    test('lists by label, with kind and version on each object', async () => {
      const { cluster } = connection
      const names = [unique('map'), unique('map')]
      for (const name of names) await cluster.apply(configMap(name, {}), write, signal)
      const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace: under.namespace }
      const listed = await cluster.list({ ...query, labelSelector: `contract=${names[0]}` }, signal)
      expect(listed).toMatchObject([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: names[0] } }])
      const all = (await cluster.list(query, signal)).map(({ metadata }) => metadata.name)
      expect(all).toEqual(expect.arrayContaining(names))
      expect(await cluster.list({ ...query, labelSelector: 'contract=none' }, signal)).toEqual([])
    })

    test('counts the generations of a spec, and scales', async () => {
      const { cluster, workload } = connection
      const name = unique('app')
      const { namespace } = under
      const first = await cluster.apply(deployment(name, 0), write, signal)
      expect(first.metadata.generation).toBe(1)
      expect(await workload.deployment(name, namespace, signal)).toEqual({
        replicas: 0,
        readyReplicas: 0,
        podSelector: `app=${name}`,
        image: container.image,
        paused: false,
        annotations: expect.any(Object),
        resourceVersion: expect.stringMatching(/^\d+$/),
      })
      await workload.scale(name, namespace, 2, signal)
      expect(await workload.deployment(name, namespace, signal)).toMatchObject({ replicas: 2 })
      const scaled = await cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', name, namespace }, signal)
      expect(scaled?.metadata.generation).toBe(2)
      await workload.scale(name, namespace, 0, signal)
      await expect(workload.scale(unique('no'), namespace, 1, signal)).rejects.toMatchObject({ status: 404, code: 'NotFound' })
    })

    test('a field that another manager has set is a conflict that names its owner; by force it is taken', async () => {
      const { cluster, workload } = connection
      const name = unique('app')
      await cluster.apply(deployment(name, 0), write, signal)
      await workload.scale(name, under.namespace, 2, signal)
      for (const dryRun of [true, false]) {
        await expect(cluster.apply(deployment(name, 0), { dryRun, force: false }, signal)).rejects.toMatchObject({
          status: 409,
          code: 'Conflict',
          errorCode: 'object-conflict',
          hint: expect.stringContaining('.spec.replicas: prebake.'),
        })
      }
      expect(await workload.deployment(name, under.namespace, signal)).toMatchObject({ replicas: 2 })
      await cluster.apply(deployment(name, 0), { ...write, force: true }, signal)
      expect(await workload.deployment(name, under.namespace, signal)).toMatchObject({ replicas: 0 })
    })

    test('a field that is given up keeps the value of another manager', async () => {
      const { cluster, workload } = connection
      const name = unique('app')
      await cluster.apply(deployment(name, 0), write, signal)
      await workload.scale(name, under.namespace, 2, signal)
      const document = deployment(name, 0)
      const { replicas: _, ...spec } = document['spec'] as { readonly replicas: number }
      await cluster.apply({ ...document, spec }, write, signal)
      expect(await workload.deployment(name, under.namespace, signal)).toMatchObject({ replicas: 2 })
      await workload.scale(name, under.namespace, 0, signal)
    })

    test('watches: what is there, then what comes, of the selector only', async () => {
      const { cluster, workload } = connection
      const { namespace } = under
      const group = unique('group')
      const [old, late, other] = [unique('old'), unique('late'), unique('other')]
      const steps = [pod(other, unique('group'), '1'), pod(late, group, '1'), pod(old, group, '2')]
      await cluster.apply(pod(old, group, '1'), write, signal)
      const end = new AbortController()
      const limit = AbortSignal.any([end.signal, AbortSignal.timeout(20_000)])
      const seen: Observation[] = []
      for await (const change of workload.watch({ kind: 'Pod', namespace, labelSelector: `group=${group}` }, limit)) {
        seen.push(change)
        if (seen.length === 1) for (const step of steps) await cluster.apply(step, write, signal)
        if (change.object.metadata.name === old && stepOf(change) === '2') end.abort()
      }
      expect(end.signal.aborted).toBe(true)
      const events = seen.map((change) => `${change.type} ${change.kind} ${change.object.metadata.name} ${stepOf(change)}`)
      expect(events[0]).toBe(`ADDED Pod ${old} 1`)
      expect(events).toContain(`ADDED Pod ${late} 1`)
      // Not as the last one: a cluster's own controllers change the pods, too.
      expect(events).toContain(`MODIFIED Pod ${old} 2`)
      expect(events.join()).not.toContain(other)
      for (const { object, receivedAt } of seen) {
        expect(object).toMatchObject({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { uid: expect.any(String), creationTimestamp: expect.any(String) },
        })
        expect(receivedAt.getTime()).not.toBeNaN()
      }
    })

    test('reports that an object exists, and each change of it and of no other; ends when it is aborted', async () => {
      const { cluster } = connection
      const { namespace } = under
      const [name, other] = [unique('map'), unique('map')]
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name, namespace }
      await cluster.apply(configMap(name, { a: '1' }), write, signal)
      const end = new AbortController()
      const limit = AbortSignal.any([end.signal, AbortSignal.timeout(20_000)])
      const steps = [
        async () => {
          await cluster.apply(configMap(other, { a: '1' }), write, signal)
          await cluster.apply(configMap(name, { a: '2' }), write, signal)
        },
        () => cluster.remove(reference, signal),
        () => Promise.resolve(end.abort()),
      ]
      const seen: unknown[] = []
      for await (const _ of cluster.changes(reference, limit)) {
        seen.push((await cluster.get(reference, signal))?.['data'])
        await steps[seen.length - 1]?.()
      }
      expect(end.signal.aborted).toBe(true)
      expect(seen).toEqual([{ a: '1' }, { a: '2' }, undefined])
    })

    test('has no log of a pod that does not run or does not exist', async () => {
      const { cluster, workload } = connection
      const name = unique('pod')
      await cluster.apply(pod(name, 'silent', '1'), write, signal)
      expect(await workload.log(name, under.namespace, signal)).toEqual({ lines: [], truncated: false })
      expect(await workload.log(unique('no'), under.namespace, signal)).toEqual({ lines: [], truncated: false })
      for (const previous of [false, true]) {
        const options = { previous, tailLines: 50 }
        const of = (pod: string) => ({ name: pod, namespace: under.namespace, container: container.name })
        expect(await cluster.log(of(name), options, signal)).toBeUndefined()
        expect(await cluster.log(of(unique('no')), options, signal)).toBeUndefined()
      }
    })
  })
}

function stepOf({ object }: Observation): string | undefined {
  const { annotations } = object.metadata as { annotations?: Record<string, string> }
  return annotations?.['contract.test/step']
}
