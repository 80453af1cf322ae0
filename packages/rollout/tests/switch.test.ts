import { expect, test } from '@jest/globals'
import { CancelledError, ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import { resumeDrift } from '../src/index.ts'
import type { MemoryCluster } from './memory-cluster.ts'
import { obedientCluster } from './obedient-cluster.ts'
import { recordingReporter } from './recording-reporter.ts'
import { request, run } from './rollout-story.ts'
import { classOf, versionedManifests } from './versioned-manifests.ts'

const applies = (calls: readonly string[]) => calls.filter((call) => !call.startsWith('dry-run'))
const budgetsOf = (pool: KubernetesObject) => (pool['spec'] as { disruption: { budgets: unknown } }).disruption.budgets
const written = [
  { nodes: '100%', reasons: ['Empty', 'Drifted'] },
  { nodes: '1', reasons: ['Drifted'] },
]
const paused = [
  { nodes: '100%', reasons: ['Empty'] },
  { nodes: '0', reasons: ['Drifted'] },
]

test('another snapshot: its NodeClass first, then one document that switches and pauses drift, and the document as written at the end', async () => {
  const during: unknown[] = []
  const { cluster, clock } = obedientCluster({
    step: (world) => {
      const [pool] = world.all('NodePool')
      if (pool?.metadata.annotations !== undefined) during.push([pool.metadata.annotations, budgetsOf(pool)])
    },
  })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  expect(during).toEqual([])
  cluster.calls.length = 0
  const { outcome, lines } = await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }))
  expect(outcome).toMatchObject({ changed: true, applied: [{ changed: true }, { changed: true }, { changed: true }] })
  expect(applies(cluster.calls)).toEqual([
    `apply EC2NodeClass ${classOf('snap-2')}`,
    'apply NodePool vllm',
    'apply Deployment default/vllm',
    'apply NodePool vllm',
  ])
  expect(new Set(during.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify([{ 'prebake.dev/held': 'run-1' }, paused])]))
  const pool = cluster.find('NodePool')
  expect(budgetsOf(pool)).toEqual(written)
  expect(pool.metadata.annotations ?? {}).toEqual({})
  expect(lines).toContain('NodePool vllm changed, drift paused until the rollout has ended')
  expect(lines.at(-1)).toBe('NodePool vllm: drift resumed')
  // The one from before stays, for a rollback.
  expect(cluster.all('EC2NodeClass').map(({ metadata }) => metadata.name)).toEqual([classOf('snap-1'), classOf('snap-2')])
})

test('a change of the Deployment alone pauses nothing', async () => {
  const { cluster, clock } = obedientCluster()
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  cluster.calls.length = 0
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1', 'two') }))
  expect(applies(cluster.calls)).toEqual(['apply Deployment default/vllm'])
})

test('a NodeClass that is not Ready never reaches the NodePool', async () => {
  const { cluster, clock } = obedientCluster({ unready: ({ metadata }) => metadata.name === classOf('snap-2') })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  cluster.calls.length = 0
  const { error } = await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }))
  expect(applies(cluster.calls)).toEqual([`apply EC2NodeClass ${classOf('snap-2')}`])
  expect(error).toMatchObject({ rolledBack: false, message: expect.stringContaining('No existing object was changed') })
})

test('a run that is killed leaves a pause and what ends it; the next run ends with the document as written', async () => {
  const saved: (readonly KubernetesObject[])[] = []
  const onPause = (documents: readonly KubernetesObject[]) => void saved.push(documents)
  const controller = new AbortController()
  let second = false
  const { cluster, clock } = obedientCluster({
    step: (world) => second && world.find('NodePool').metadata.annotations !== undefined && controller.abort(),
  })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  second = true
  const killed = await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }), controller.signal, { onPause })
  expect(killed.outcome).toBeInstanceOf(CancelledError)
  expect(budgetsOf(cluster.find('NodePool'))).toEqual(paused)
  expect(saved).toEqual([
    [expect.objectContaining({ kind: 'NodePool', spec: expect.objectContaining({ disruption: { budgets: written } }) })],
  ])

  // As `post` does it.
  const reporter = recordingReporter()
  const { signal } = new AbortController()
  await resumeDrift(saved[0] ?? [], 'another run', { cluster, reporter }, signal)
  expect(reporter.lines).toEqual(['NodePool vllm: drift was paused by another run (run-1), which resumes it'])

  // Without `post`: the next run.
  second = false
  const next = await run(cluster, clock, request({ manifests: versionedManifests('snap-2'), run: 'run-2' }))
  expect(next.outcome).toMatchObject({ changed: true })
  expect(budgetsOf(cluster.find('NodePool'))).toEqual(written)
  await resumeDrift(saved[0] ?? [], 'run-1', { cluster, reporter }, signal)
  expect(cluster.find('NodePool').metadata.annotations ?? {}).toEqual({})
})

test('what ends the pauses is reported before the pause begins, and that none is left after it', async () => {
  const events: string[] = []
  const { cluster, clock } = obedientCluster({ refuse: ({ kind }, dryRun) => void (dryRun || events.push(`apply ${kind}`)) })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  events.length = 0
  const onPause = (documents: readonly KubernetesObject[]) => void events.push(`to release: ${documents.length}`)
  await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }), undefined, { onPause })
  expect(events).toEqual(['apply EC2NodeClass', 'to release: 1', 'apply NodePool', 'apply Deployment', 'apply NodePool', 'to release: 0'])
})

test('drift that cannot be resumed does not fail a rollout that serves: a warning, and `post` still knows what to apply', async () => {
  const saved: (readonly KubernetesObject[])[] = []
  let applied = 0
  const { cluster, clock } = obedientCluster({
    refuse({ kind }, dryRun) {
      if (kind !== 'NodePool' || dryRun || (applied += 1) < 3) return
      throw new ServiceError({ operation: 'apply NodePool vllm', code: 'Conflict', message: 'no', status: 409 })
    },
  })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  const onPause = (documents: readonly KubernetesObject[]) => void saved.push(documents)
  const { outcome, lines } = await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }), undefined, { onPause })
  expect(outcome).toMatchObject({ changed: true })
  expect(lines).toContainEqual(expect.stringMatching(/^NodePool vllm: drift is still paused.*Conflict: no/))
  expect(saved.map(({ length }) => length)).toEqual([1])
})

test('a NodeClass that changes under its name: its NodePool is paused before', async () => {
  const plain = (role: string) =>
    versionedManifests('snap-1').map((manifest) => {
      const text = JSON.stringify(manifest.document).replaceAll(classOf('snap-1'), 'vllm')
      const document = JSON.parse(text) as KubernetesObject
      return document.kind === 'EC2NodeClass' ? { ...manifest, document: { ...document, spec: { role } } } : { ...manifest, document }
    })
  const { cluster, clock } = obedientCluster()
  await run(cluster, clock, request({ manifests: plain('a') }))
  cluster.calls.length = 0
  await run(cluster, clock, request({ manifests: plain('b') }))
  expect(applies(cluster.calls)).toEqual(['apply NodePool vllm', 'apply EC2NodeClass vllm', 'apply NodePool vllm', 'apply NodePool vllm'])
  expect(budgetsOf(cluster.find('NodePool'))).toEqual(written)
})

test('a ready pod on a node of another NodeClass is no success', async () => {
  const { cluster, clock } = obedientCluster({ lies: 'vllm-other' })
  const { error } = await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  const name = classOf('snap-1')
  expect(error?.message).toContain(`Pod vllm-0 runs on Node node-of-${name} of EC2NodeClass vllm-other, not of ${name}`)
})

/** Refuses to list this kind, the first so many times. */
function failToList(cluster: MemoryCluster, kind: string, failure: ServiceError, times = Infinity): MemoryCluster {
  let left = times
  return {
    ...cluster,
    list: (query, signal) => (query.kind === kind && left-- > 0 ? Promise.reject(failure) : cluster.list(query, signal)),
  }
}

const unavailable = new ServiceError(
  { operation: 'list', code: 'ServiceUnavailable', message: 'not now', status: 503 },
  { transient: true },
)
const forbidden = new ServiceError({ operation: 'list', code: 'Forbidden', message: 'no', status: 403 })

test.each(['Node', 'Pod', 'ReplicaSet'])(
  'an outage while %ss are listed proves nothing: it is waited out, and then judged',
  async (kind) => {
    const { cluster, clock } = obedientCluster({ lies: 'vllm-other' })
    const { error, lines } = await run(
      failToList(cluster, kind, unavailable, 30),
      clock,
      request({ manifests: versionedManifests('snap-1') }),
    )
    expect(error?.message).toContain('of EC2NodeClass vllm-other, not of')
    expect(lines.filter((line) => line.includes('Cannot verify'))).toEqual([])
  },
)

test('nodes that may not be listed are not verified: one warning, at the end', async () => {
  const { cluster, clock } = obedientCluster({ lies: 'vllm-other' })
  const { outcome, lines } = await run(failToList(cluster, 'Node', forbidden), clock, request({ manifests: versionedManifests('snap-1') }))
  expect(outcome).toMatchObject({ changed: true })
  expect(lines.filter((line) => line.includes('Cannot verify'))).toEqual([
    'Not proven: Deployment default/vllm: Cannot verify which nodes the pods run on: Node objects cannot be read: list: Forbidden: no.',
  ])
})

test('new pods that are identified by their selector only: one warning, however often they are judged', async () => {
  const { cluster, clock } = obedientCluster()
  let judged = 0
  const blind: MemoryCluster = {
    ...cluster,
    list(query, signal) {
      if (query.kind === 'ReplicaSet') return Promise.reject(forbidden)
      // The pods become visible only after some polls of a Deployment that is complete.
      return query.kind === 'Pod' && cluster.all('Node').length > 0 && judged++ < 5 ? Promise.resolve([]) : cluster.list(query, signal)
    },
  }
  const { outcome, lines } = await run(blind, clock, request({ manifests: versionedManifests('snap-1') }))
  expect(outcome).toMatchObject({ changed: true })
  expect(lines.filter((line) => line.includes('pods visible on the expected nodes')).length).toBeGreaterThan(0)
  expect(lines.filter((line) => line.includes('Identifying new pods'))).toHaveLength(1)
})

test('of old versions three are kept, and those that something uses', async () => {
  const { cluster, clock } = obedientCluster()
  for (let index = 1; index <= 6; index += 1) {
    const metadata = {
      name: `vllm-old${index}`,
      labels: { 'prebake.dev/nodeclass-of': 'vllm' },
      creationTimestamp: `2026-01-0${index}T00:00:00Z`,
    }
    cluster.add({ apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', metadata })
  }
  cluster.add({ apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', metadata: { name: 'other', labels: {} } })
  const claim = {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: { name: 'vllm-x' },
    spec: { nodeClassRef: { name: 'vllm-old1' } },
  }
  cluster.add(claim)
  const { lines } = await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  expect(cluster.calls.filter((call) => call.startsWith('remove'))).toEqual([
    'remove EC2NodeClass vllm-old3',
    'remove EC2NodeClass vllm-old2',
  ])
  expect(lines.at(-1)).toBe('EC2NodeClass vllm-old2 deleted: no longer in use')
})
