import { expect, test } from '@jest/globals'
import { CancelledError, ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import { cleanUp, type RolloutJournal, type RolloutRecord } from '../src/index.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'
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
  const { cluster, clock } = await obedientCluster({
    step: (world) => {
      const [pool] = world.all('NodePool')
      if (pool?.metadata.annotations !== undefined) during.push([pool.metadata.annotations, budgetsOf(pool)])
    },
  })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  expect(during).toEqual([])
  const former = cluster.find('NodePool')
  cluster.forgetCalls()
  // Half an hour for the rollout, and another for its rollback and `post`.
  const until = new Date(clock.now().getTime() + 3_600_000).toISOString()
  const { outcome, lines } = await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }))
  expect(outcome).toMatchObject({ changed: true, applied: [{ changed: true }, { changed: true }, { changed: true }] })
  expect(applies(cluster.calls())).toEqual([
    `apply EC2NodeClass ${classOf('snap-2')}`,
    'apply NodePool vllm',
    'apply Deployment default/vllm',
    'apply NodePool vllm',
  ])
  const annotations = {
    'prebake.dev/held': 'run-1',
    'prebake.dev/held-until': until,
    'prebake.dev/served-before': JSON.stringify(former['spec']),
  }
  expect(new Set(during.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify([annotations, paused])]))
  const pool = cluster.find('NodePool')
  expect(budgetsOf(pool)).toEqual(written)
  expect(pool.metadata.annotations ?? {}).toEqual({})
  expect(lines).toContain('NodePool vllm changed, drift paused until the rollout has ended')
  expect(lines.at(-1)).toBe('NodePool vllm: drift resumed')
  // The one from before stays, for a rollback.
  expect(cluster.all('EC2NodeClass').map(({ metadata }) => metadata.name)).toEqual([classOf('snap-1'), classOf('snap-2')].toSorted())
})

test('a change of the Deployment alone pauses nothing', async () => {
  const { cluster, clock } = await obedientCluster()
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  cluster.forgetCalls()
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1', 'two') }))
  expect(applies(cluster.calls())).toEqual(['apply Deployment default/vllm'])
})

test('a NodeClass that is not Ready never reaches the NodePool', async () => {
  const { cluster, clock } = await obedientCluster({ unready: ({ metadata }) => metadata.name === classOf('snap-2') })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  cluster.forgetCalls()
  const { error } = await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }))
  expect(applies(cluster.calls())).toEqual([`apply EC2NodeClass ${classOf('snap-2')}`])
  expect(error).toMatchObject({ rolledBack: false, message: expect.stringContaining('No existing object was changed') })
})

/** A journal that keeps all that was written, as JSON keeps it; `undefined`: nothing is left to be done. */
function recordingJournal(): RolloutJournal & { readonly entries: (RolloutRecord | undefined)[] } {
  const entries: (RolloutRecord | undefined)[] = []
  return {
    entries,
    save: (record) => void entries.push(JSON.parse(JSON.stringify(record)) as RolloutRecord),
    clear: () => void entries.push(undefined),
  }
}

test('a run that is killed leaves a pause and a record; the next run ends with the document as written', async () => {
  const journal = recordingJournal()
  const controller = new AbortController()
  let second = false
  const { cluster, clock } = await obedientCluster({
    step: (world) => second && world.find('NodePool').metadata.annotations !== undefined && controller.abort(),
  })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  second = true
  const killed = await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }), controller.signal, { journal })
  expect(killed.outcome).toBeInstanceOf(CancelledError)
  expect(budgetsOf(cluster.find('NodePool'))).toEqual(paused)
  expect(journal.entries).toMatchObject([{ run: 'run-1', rollback: true, planned: [{}, { changes: true }, { changes: true }] }])

  // Without `post`: the next run.
  second = false
  const next = await run(cluster, clock, request({ manifests: versionedManifests('snap-2'), run: 'run-2' }))
  expect(next.outcome).toMatchObject({ changed: true })
  expect(budgetsOf(cluster.find('NodePool'))).toEqual(written)

  // A late `post` finds all of it serving.
  cluster.forgetCalls()
  const reporter = recordingReporter()
  await cleanUp(journal.entries[0]!, { cluster, clock, reporter }, new AbortController().signal)
  expect(applies(cluster.calls())).toEqual([])
  expect(cluster.find('NodePool').metadata.annotations ?? {}).toEqual({})
})

test('the record is written before the first change, and cleared when no pause is left', async () => {
  const events: string[] = []
  const { cluster: quiet, clock } = await obedientCluster()
  const cluster: TestCluster = {
    ...quiet,
    apply(document, options, ending) {
      if (!options.dryRun) events.push(`apply ${document.kind}`)
      return quiet.apply(document, options, ending)
    },
  }
  const journal = { save: () => void events.push('save'), clear: () => void events.push('clear') }
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }), undefined, { journal })
  // A first install changes nothing that was there.
  expect(events.filter((event) => event === 'save')).toEqual([])
  events.length = 0
  await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }), undefined, { journal })
  expect(events).toEqual(['save', 'apply EC2NodeClass', 'apply NodePool', 'apply Deployment', 'apply NodePool', 'clear'])
})

test('drift that cannot be resumed does not fail a rollout that serves: a warning, and the record stays for `post`', async () => {
  const journal = recordingJournal()
  const effect = { kind: 'error', status: 409, code: 'Conflict', message: 'no' } as const
  const { cluster, clock } = await obedientCluster({ faults: [{ operation: /^apply NodePool [^ ]+$/, from: 3, effect }] })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  const { outcome, lines } = await run(cluster, clock, request({ manifests: versionedManifests('snap-2') }), undefined, { journal })
  expect(outcome).toMatchObject({ changed: true })
  expect(lines).toContainEqual(expect.stringMatching(/^NodePool vllm: drift is still paused.*Conflict: no/))
  expect(journal.entries).toHaveLength(1)

  const reporter = recordingReporter()
  await cleanUp(journal.entries[0]!, { cluster, clock, reporter }, new AbortController().signal)
  expect(reporter.lines).toEqual(['NodePool vllm, Deployment default/vllm: the new version serves', 'NodePool vllm: drift resumed'])
  expect(budgetsOf(cluster.find('NodePool'))).toEqual(written)
})

test('a NodeClass that changes under its name: its NodePool is paused before', async () => {
  const plain = (role: string) =>
    versionedManifests('snap-1').map((manifest) => {
      const text = JSON.stringify(manifest.document).replaceAll(classOf('snap-1'), 'vllm')
      const document = JSON.parse(text) as KubernetesObject
      return document.kind === 'EC2NodeClass' ? { ...manifest, document: { ...document, spec: { role } } } : { ...manifest, document }
    })
  const { cluster, clock } = await obedientCluster()
  await run(cluster, clock, request({ manifests: plain('a') }))
  cluster.forgetCalls()
  await run(cluster, clock, request({ manifests: plain('b') }))
  expect(applies(cluster.calls())).toEqual(['apply NodePool vllm', 'apply EC2NodeClass vllm', 'apply NodePool vllm', 'apply NodePool vllm'])
  expect(budgetsOf(cluster.find('NodePool'))).toEqual(written)
})

test('a ready pod on a node of another NodeClass is no success', async () => {
  const { cluster, clock } = await obedientCluster({ lies: 'vllm-other' })
  const { error } = await run(cluster, clock, request({ manifests: versionedManifests('snap-1'), timeoutMs: 90_000 }))
  const name = classOf('snap-1')
  expect(error?.message).toContain(`Pod vllm-0 runs on Node node-of-${name} of EC2NodeClass vllm-other, not of ${name}`)
})

/** Refuses to list this kind, the first so many times. */
function failToList(cluster: TestCluster, kind: string, failure: ServiceError, times = Infinity): TestCluster {
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
    const { cluster, clock } = await obedientCluster({ lies: 'vllm-other' })
    const { error, lines } = await run(
      failToList(cluster, kind, unavailable, 30),
      clock,
      request({ manifests: versionedManifests('snap-1'), timeoutMs: 90_000 }),
    )
    expect(error?.message).toContain('of EC2NodeClass vllm-other, not of')
    expect(lines.filter((line) => line.includes('Cannot verify'))).toEqual([])
  },
)

test('nodes that may not be listed are not verified: one warning, at the end', async () => {
  const { cluster, clock } = await obedientCluster({ lies: 'vllm-other' })
  const { outcome, lines } = await run(failToList(cluster, 'Node', forbidden), clock, request({ manifests: versionedManifests('snap-1') }))
  expect(outcome).toMatchObject({ changed: true })
  expect(lines.filter((line) => line.includes('Cannot verify'))).toEqual([
    'Not proven: Deployment default/vllm: Cannot verify which nodes the pods run on: Node objects cannot be read: list: Forbidden: no.',
  ])
})

test('new pods that are identified by their selector only: one warning, however often they are judged', async () => {
  const { cluster, clock } = await obedientCluster()
  let judged = 0
  const blind: TestCluster = {
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
  const { cluster, clock } = await obedientCluster()
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
  expect(cluster.calls().filter((call) => call.startsWith('delete'))).toEqual([
    'delete EC2NodeClass vllm-old3',
    'delete EC2NodeClass vllm-old2',
  ])
  expect(lines.at(-1)).toBe('EC2NodeClass vllm-old2 deleted: no longer in use')
})
