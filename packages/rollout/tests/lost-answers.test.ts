import { expect, test } from '@jest/globals'
import { CancelledError, PrebakeError, ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import { cleanUp, type RolloutRecord } from '../src/index.ts'

import { obedientCluster, type Obedience } from './obedient-cluster.ts'
import { recordingReporter } from './recording-reporter.ts'
import { request, run } from './rollout-story.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'
import { classOf, versionedManifests } from './versioned-manifests.ts'

const lost = new PrebakeError('Connect to https://cluster.test: the connection broke: ECONNRESET.', { transient: true })
const refused = (kind: string) => new ServiceError({ operation: `apply ${kind} vllm`, code: 'Forbidden', message: 'no', status: 403 })
const { signal } = new AbortController()

/** A cluster of which the nth apply of a kind (dry runs left out) meets something else: before it takes effect, or after. */
function disturbed(
  cluster: TestCluster,
  { kind, nth, after }: { readonly kind: string; readonly nth: readonly number[]; readonly after: boolean },
  disturb: () => void,
): TestCluster {
  let count = 0
  return {
    ...cluster,
    async apply(document, options, end) {
      if (document.kind !== kind || options.dryRun || !nth.includes((count += 1))) return cluster.apply(document, options, end)
      const object = after ? await cluster.apply(document, options, end) : undefined
      disturb()
      return object ?? cluster.apply(document, options, end)
    },
  }
}

const fail = (error: Error) => () => {
  throw error
}

/** A cluster that serves `snap-1`. */
async function serving(obedience: Obedience = {}) {
  const { cluster, clock } = await obedientCluster({ crashes: (image) => image === 'bad', ...obedience })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  cluster.forgetCalls()
  return { cluster, clock }
}

/** What NodePool and Deployment are, and whether the NodePool is paused. */
function stateOf(cluster: TestCluster) {
  const text = (object: KubernetesObject) => JSON.stringify(object['spec'])
  const [pool, deployment] = [cluster.find('NodePool'), cluster.find('Deployment')]
  const versionOf = (object: KubernetesObject) => ['snap-1', 'snap-2', 'snap-3'].find((id) => text(object).includes(classOf(id)))
  return { pool: versionOf(pool), deployment: versionOf(deployment), paused: pool.metadata.annotations?.['prebake.dev/held'] !== undefined }
}
const asBefore = { pool: 'snap-1', deployment: 'snap-1', paused: false }
const asNew = { pool: 'snap-2', deployment: 'snap-2', paused: false }

test.each([
  ['NodePool', true, 'rollout-rolled-back', 'Rolled back, and serving as before: NodePool vllm.'],
  ['NodePool', false, 'rollout-not-rolled-back', 'No existing object was changed'],
  ['Deployment', true, 'rollout-rolled-back', 'Rolled back, and serving as before: NodePool vllm, Deployment default/vllm.'],
  ['Deployment', false, 'rollout-rolled-back', 'Rolled back, and serving as before: NodePool vllm.'],
])(
  'the answer to the apply of the %s is lost for good (it took effect: %s): all is as before, and that is what is said',
  async (kind, after, errorCode, words) => {
    const { cluster, clock } = await serving()
    const { error } = await run(
      disturbed(cluster, { kind, nth: [1], after }, fail(lost)),
      clock,
      request({ manifests: versionedManifests('snap-2') }),
    )
    expect(stateOf(cluster)).toEqual(asBefore)
    expect(error).toMatchObject({ errorCode, reason: 'apply-failed', message: expect.stringContaining(words) })
  },
)

test.each([
  ['NodePool', 2],
  ['Deployment', 2],
])('the answer to the rollback of the %s is lost for good: NodePool and Deployment belong together all the same', async (kind, nth) => {
  const { cluster, clock } = await serving()
  const { error } = await run(
    disturbed(cluster, { kind, nth: [nth], after: true }, fail(lost)),
    clock,
    request({ manifests: versionedManifests('snap-2', 'bad') }),
  )
  const { pool, deployment, paused } = stateOf(cluster)
  expect([pool === deployment, paused]).toEqual([true, false])
  expect(error).toMatchObject({ errorCode: 'rollback-failed', reason: 'deployment-failed', rolledBack: false })
  expect(error?.message).toContain(kind === 'Deployment' ? 'Deployment default/vllm as before' : 'Deployment default/vllm changed')
})

test('a rollback of the Deployment that is refused: the NodePool goes with it, and drift resumes', async () => {
  const { cluster, clock } = await serving()
  const { error, lines } = await run(
    disturbed(cluster, { kind: 'Deployment', nth: [2], after: false }, fail(refused('Deployment'))),
    clock,
    request({ manifests: versionedManifests('snap-2', 'bad') }),
  )
  expect(stateOf(cluster)).toEqual(asNew)
  expect(error?.message).toMatch(
    /The rollback failed: .*Forbidden: no\nAs it is now: NodePool vllm changed, Deployment default\/vllm changed\.$/,
  )
  expect(lines).toContain('NodePool vllm: switched again, drift resumed')
})

test('an API server that is away when the objects are read back is waited for; it proves nothing', async () => {
  const { cluster, clock } = await serving()
  const outage = new ServiceError({ operation: 'get', code: 'ServiceUnavailable', message: 'not now', status: 503 }, { transient: true })
  let left = 0
  const away = disturbed(cluster, { kind: 'NodePool', nth: [1], after: true }, () => {
    left = 20
    throw lost
  })
  const flaky: TestCluster = { ...away, get: (reference, end) => (left-- > 0 ? Promise.reject(outage) : away.get(reference, end)) }
  const { error } = await run(flaky, clock, request({ manifests: versionedManifests('snap-2') }))
  expect(error).toMatchObject({ errorCode: 'rollout-rolled-back' })
  expect(stateOf(cluster)).toEqual(asBefore)
})

test('an API server that stays away: what was changed is not known, nothing is claimed, and the record stays', async () => {
  const { cluster, clock } = await serving()
  const outage = new ServiceError({ operation: 'get', code: 'ServiceUnavailable', message: 'not now', status: 503 }, { transient: true })
  let gone = false
  const away = disturbed(cluster, { kind: 'NodePool', nth: [1], after: true }, () => {
    gone = true
    throw lost
  })
  const dead: TestCluster = { ...away, get: (reference, end) => (gone ? Promise.reject(outage) : away.get(reference, end)) }
  const records: (RolloutRecord | undefined)[] = []
  const journal = { save: (record: RolloutRecord) => void records.push(record), clear: () => void records.push(undefined) }
  const { error, lines } = await run(dead, clock, request({ manifests: versionedManifests('snap-2') }), undefined, { journal })
  expect(error).toMatchObject({ errorCode: 'rollback-failed', reason: 'apply-failed', rolledBack: false })
  expect(error?.message).toContain('What was changed is not known')
  expect(lines).toContainEqual(expect.stringMatching(/^NodePool vllm: drift is still paused/))
  expect(records).toHaveLength(1)

  // It is back when `post` runs.
  await cleanUp(records[0]!, { cluster, clock, reporter: recordingReporter() }, signal)
  expect(stateOf(cluster)).toEqual(asBefore)
})

/** A rollout of `snap-2` that is cancelled at the nth apply of a kind, and then `post`. */
async function cancelled(kind: string, nth: number, after: boolean, more: Partial<RolloutRecord> & { readonly image?: string } = {}) {
  const { image = 'two', ...change } = more
  const { cluster, clock } = await serving()
  const controller = new AbortController()
  const records: RolloutRecord[] = []
  const journal = {
    save: (record: RolloutRecord) => void records.push(JSON.parse(JSON.stringify(record)) as RolloutRecord),
    clear: () => {},
  }
  const end = () => {
    controller.abort()
    throw new CancelledError()
  }
  const { outcome } = await run(
    disturbed(cluster, { kind, nth: [nth], after }, end),
    clock,
    request({ manifests: versionedManifests('snap-2', image) }),
    controller.signal,
    { journal },
  )
  expect(outcome).toBeInstanceOf(CancelledError)
  const left = stateOf(cluster)
  const reporter = recordingReporter()
  const post = await cleanUp({ ...records[0]!, ...change }, { cluster, clock, reporter }, signal).catch((error: unknown) => error)
  return { cluster, clock, left, lines: reporter.lines, post }
}

test.each([
  ['NodePool', 1, true, { pool: 'snap-2', deployment: 'snap-1', paused: true }, ['NodePool vllm rolled back']],
  ['Deployment', 1, false, { pool: 'snap-2', deployment: 'snap-1', paused: true }, ['NodePool vllm rolled back']],
  [
    'Deployment',
    1,
    true,
    { pool: 'snap-2', deployment: 'snap-2', paused: true },
    ['NodePool vllm rolled back', 'Deployment default/vllm rolled back'],
  ],
])(
  'a cancel at the apply of the %s, no. %i (it took effect: %s): post rolls back, and ends the pause',
  async (kind, nth, after, left, undone) => {
    const story = await cancelled(kind, nth, after)
    expect(story.left).toEqual(left)
    expect(story.post).toBeUndefined()
    expect(story.lines).toEqual(['The rollout was stopped before it served.', ...undone, 'NodePool vllm: drift resumed'])
    expect(stateOf(story.cluster)).toEqual(asBefore)
  },
)

test('a cancel in the last apply: the new version serves, so it stays, and only the pause ends', async () => {
  const { cluster, left, lines } = await cancelled('NodePool', 2, false)
  expect(left).toEqual({ ...asNew, paused: true })
  expect(lines).toEqual(['NodePool vllm, Deployment default/vllm: the new version serves', 'NodePool vllm: drift resumed'])
  expect(stateOf(cluster)).toEqual(asNew)
})

test('a cancel in the middle of a rollback: post ends it', async () => {
  const { cluster, left } = await cancelled('Deployment', 2, false, { image: 'bad' })
  expect(left).toEqual({ pool: 'snap-1', deployment: 'snap-2', paused: true })
  expect(stateOf(cluster)).toEqual(asBefore)
})

test.each([
  ['NodePool', { ...asBefore }, 'NodePool vllm: rolled back, drift resumed'],
  ['Deployment', { ...asNew }, 'NodePool vllm: drift resumed'],
])(
  'a cancel after the apply of the %s with `rollback: false`: only what does not belong together is put right',
  async (kind, state, line) => {
    const { cluster, lines } = await cancelled(kind, 1, true, { rollback: false })
    expect(lines).toEqual([line])
    expect(stateOf(cluster)).toEqual(state)
  },
)

test('post does not touch what another run has taken over', async () => {
  const { cluster, clock } = await serving()
  const records: RolloutRecord[] = []
  const journal = { save: (record: RolloutRecord) => void records.push(record), clear: () => {} }
  const controller = new AbortController()
  const stopping = disturbed(cluster, { kind: 'NodePool', nth: [1], after: true }, () => {
    controller.abort()
    throw new CancelledError()
  })
  await run(stopping, clock, request({ manifests: versionedManifests('snap-2') }), controller.signal, { journal })
  const other = new AbortController()
  const second = disturbed(cluster, { kind: 'NodePool', nth: [1], after: true }, () => {
    other.abort()
    throw new CancelledError()
  })
  await run(second, clock, request({ manifests: versionedManifests('snap-2', 'two'), run: 'run-2' }), other.signal)
  cluster.forgetCalls()
  const reporter = recordingReporter()
  await cleanUp(records[0]!, { cluster, clock, reporter }, signal)
  expect(cluster.calls()).toEqual([])
  expect(reporter.lines).toEqual([
    'NodePool vllm: drift was paused by another run (run-2), which resumes it',
    expect.stringContaining('run-2, which may be at work until'),
  ])
})
