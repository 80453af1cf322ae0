import { expect, test } from '@jest/globals'
import { CancelledError, PrebakeError, ServiceError } from '@prebake/kernel'
import { cleanUp, FailedRollout, type RolloutRecord } from '../src/index.ts'
import { stateOf, through, type Ask } from './asking-cluster.ts'
import { obedientCluster } from './obedient-cluster.ts'
import { recordingReporter } from './recording-reporter.ts'
import { request, run } from './rollout-story.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'
import { versionedManifests } from './versioned-manifests.ts'

/*
 * The matrix of tests/crash without a process: what changes something in a rollout, and in one that has to be rolled back, meets each of these. There the
 * bundle runs against all of the simulator; here nothing waits.
 */
type Disturbance = 'lost' | 'lost for good' | 'refused for good' | 'cancelled before' | 'cancelled after'
const disturbances: Readonly<Record<'changes' | 'looks', readonly Disturbance[]>> = {
  changes: ['lost', 'lost for good', 'refused for good', 'cancelled before', 'cancelled after'],
  looks: ['lost for good', 'refused for good', 'cancelled before'],
}

const transient = new PrebakeError('Connect to https://cluster.test: the connection broke.', { transient: true })
const refusal = new ServiceError({ operation: 'ask', code: 'Forbidden', message: 'no', status: 403 })
const { signal } = new AbortController()

/** Disturbs the request of this number; `for good` all further ones of its name too. */
function disturbing(disturbance: Disturbance, number: number, cancel: () => void): { readonly ask: Ask; readonly heal: () => void } {
  let count = 0
  let hit: string | undefined
  let healed = false
  const ask: Ask = async (name, send) => {
    count += 1
    if (count === number) hit = name
    const isHit = count === number || (disturbance.endsWith('for good') && name === hit)
    if (healed || !isHit) return send()
    if (disturbance.startsWith('refused')) throw refusal
    if (disturbance === 'cancelled before') cancel()
    else await send()
    if (disturbance === 'cancelled after') cancel()
    throw disturbance.startsWith('cancelled') ? new CancelledError() : transient
  }
  return { ask, heal: () => void (healed = true) }
}

/** A rollout of `snap-2` onto a cluster that serves `snap-1`, with every request passed through `ask`. */
async function story(image: string, ask: Ask, end = signal) {
  const { cluster, clock } = await obedientCluster({ crashes: (of) => of === 'bad' })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  const open = new Set<RolloutRecord>()
  const journal = {
    save: (record: RolloutRecord) => void open.add(JSON.parse(JSON.stringify(record)) as RolloutRecord),
    clear: () => open.clear(),
  }
  const manifests = versionedManifests('snap-2', image)
  const given = request({ manifests, run: 'run-2', timeoutMs: 300_000 })
  const { outcome, lines } = await run(through(cluster, ask) as TestCluster, clock, given, end, { journal })
  return { cluster, clock, outcome, lines, open }
}

interface Place {
  readonly number: number
  readonly changes: boolean
}

/** Every request that changes something, and the first look after each: the rest of a wait asks the same of the same cluster. */
async function placesOf(image: string): Promise<readonly Place[]> {
  const places: Place[] = []
  let number = 0
  await story(image, (name, send) => {
    number += 1
    const changes = name.startsWith('apply ')
    if (changes || places.at(-1)?.changes !== false) places.push({ number, changes })
    return send()
  })
  return places
}

/** What is wrong after the run has ended, and after `post`; in words, so that all that is wrong shows at once. */
async function judge(
  image: string,
  disturbance: Disturbance,
  number: number,
  then: 'post' | 'a run that serves' | 'a run that fails',
): Promise<readonly string[]> {
  const controller = new AbortController()
  const { ask, heal } = disturbing(disturbance, number, () => controller.abort())
  const { cluster, clock, outcome, lines, open } = await story(image, ask, controller.signal)
  const reported = stateOf(cluster)
  const wrong: string[] = []
  const says = outcome instanceof Error ? outcome.message : ''
  const isOld = reported.pool === 'snap-1' && reported.deployment === 'snap-1'
  if (!(outcome instanceof Error) && (reported.pool !== 'snap-2' || reported.deployment !== 'snap-2'))
    wrong.push('succeeds, and does not serve')
  if (outcome instanceof FailedRollout && outcome.rolledBack && !isOld) wrong.push('says rolled back, and is not')
  if (/No existing object was changed/.test(says) && !isOld) wrong.push('says that nothing was changed, and something was')
  if (!(outcome instanceof Error) && reported.paused && open.size === 0) wrong.push('is left paused, and nothing is written down')

  const reporter = recordingReporter()
  if (disturbance !== 'refused for good') heal()
  if (then === 'post') {
    for (const record of open) {
      await cleanUp(record, { cluster: through(cluster, ask), clock, reporter }, signal).catch((error: unknown) =>
        reporter.warning(`post fails: ${String(error)}`),
      )
    }
  } else {
    heal()
    const given = request({ manifests: versionedManifests('snap-3', then === 'a run that fails' ? 'bad' : 'three'), run: 'run-3' })
    const next = await run(cluster, clock, given)
    if (then === 'a run that serves' && next.outcome instanceof Error) wrong.push(`the next run fails: ${next.outcome.message}`)
    if (then === 'a run that fails' && !(next.outcome instanceof FailedRollout && next.outcome.rolledBack))
      wrong.push(`the next run is not rolled back: ${String(next.outcome)}`)
    if (JSON.stringify(cluster.find('Deployment')['spec']).includes('bad')) wrong.push('the Deployment is left with pods that crash')
  }
  const { pool, deployment, paused } = stateOf(cluster)
  const said = [...lines, ...reporter.lines].some((line) => line.includes('drift is still paused'))
  if (!(disturbance === 'refused for good' && said)) {
    if (pool !== deployment) wrong.push(`half switched: NodePool ${pool}, Deployment ${deployment}`)
    if (paused) wrong.push('paused')
  }
  return wrong.length === 0 ? [] : [`${disturbance} at request ${number}: ${wrong.join('; ')}`]
}

const stories = [
  ['whose pods serve', 'two'],
  ['whose pods crash', 'bad'],
] as const

test.each(stories)('every request of a rollout %s meets every disturbance, and then post', async (_title, image) => {
  const places = await placesOf(image)
  const wrong: string[] = []
  for (const { number, changes } of places)
    for (const disturbance of disturbances[changes ? 'changes' : 'looks']) wrong.push(...(await judge(image, disturbance, number, 'post')))
  expect(wrong).toEqual([])
  expect(places.filter(({ changes }) => changes).length).toBeGreaterThan(3)
})

test.each(
  stories.flatMap(([title, image]) => (['a run that serves', 'a run that fails'] as const).map((next) => [title, next, image] as const)),
)('a rollout %s is killed at every change, its post is lost, and next comes %s', async (_title, next, image) => {
  const wrong: string[] = []
  for (const { number, changes } of await placesOf(image)) {
    for (const disturbance of ['cancelled before', 'cancelled after'] as const)
      if (changes) wrong.push(...(await judge(image, disturbance, number, next)))
  }
  expect(wrong).toEqual([])
})
