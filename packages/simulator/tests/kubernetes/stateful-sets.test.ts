import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { KubeObject, Pod } from '../../src/kubernetes/objects.ts'
import { startKubernetes, type StartedKubernetes } from './start-kubernetes.ts'

let cluster: StartedKubernetes
beforeEach(async () => {
  cluster = await startKubernetes()
})
afterEach(() => cluster.stop())

const path = '/apis/apps/v1/namespaces/default/statefulsets/llm'
const set = (args: readonly string[], spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'llm' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'llm' } },
    ...spec,
    template: {
      metadata: { labels: { app: 'llm' } },
      spec: { tolerations: [{ operator: 'Exists' }], containers: [{ name: 'c', image: 'busybox', args }] },
    },
  },
})
const broken = { name: 'c', image: 'vllm/vllm-openai', command: ['vllm', 'serve', '/nowhere'] }
const breaking = () => {
  const { spec, ...rest } = set([])
  return { ...rest, spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers: [broken] } } } }
}
const pods = () => (cluster.kubernetes.objects('Pod') as readonly Pod[]).filter(({ metadata }) => metadata.deletionTimestamp === undefined)
const status = () => (cluster.kubernetes.objects('StatefulSet')[0] as KubeObject & { status?: Record<string, unknown> }).status ?? {}
const done = (revision?: unknown) =>
  cluster.until('an update', () => {
    const { currentRevision, updateRevision, readyReplicas, updatedReplicas } = status()
    return currentRevision === updateRevision && currentRevision !== revision && readyReplicas === 2 && updatedReplicas === 2
      ? true
      : undefined
  })

test('pods by their ordinals, each when the one before is ready; an update takes the highest first and never makes a third', async () => {
  await cluster.apply(path, set(['1']))
  await done()
  const [first, second] = pods()
  const readyAt = first?.status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? ''
  expect(second && second.metadata.creationTimestamp >= readyAt).toBe(true)
  const { updateRevision } = status()
  await cluster.apply(path, set(['2']))
  await done(updateRevision)
  expect(pods().map(({ metadata }) => metadata.name)).toEqual(['llm-0', 'llm-1'])
  const [last, highest] = pods().map(({ metadata }) => metadata.creationTimestamp)
  expect(highest && last && highest <= last).toBe(true)
  expect(pods().map(({ metadata }) => metadata.labels?.['controller-revision-hash'])).toEqual([
    status()['updateRevision'],
    status()['updateRevision'],
  ])
})

test('in order, a pod that never gets ready stops an update that would fix it, until it is deleted', async () => {
  await cluster.apply(path, breaking())
  await cluster.until('a crash', () => (JSON.stringify(pods()[0]?.status ?? '').includes('CrashLoopBackOff') ? true : undefined))
  await cluster.apply(path, set(['1']))
  await cluster.clock.sleep(600)
  expect(status()).toMatchObject({ observedGeneration: 2, updatedReplicas: 0 })
  await cluster.call('DELETE', '/api/v1/namespaces/default/pods/llm-0')
  await done()
})

test('in parallel, the update replaces it', async () => {
  const { spec, ...rest } = breaking()
  await cluster.apply(path, { ...rest, spec: { ...spec, podManagementPolicy: 'Parallel' } })
  await cluster.until('crashes', () => (pods().length === 2 ? true : undefined))
  await cluster.apply(path, set(['1'], { podManagementPolicy: 'Parallel' }))
  await done()
  expect(status()).toMatchObject({ observedGeneration: 2, updatedReplicas: 2 })
})
