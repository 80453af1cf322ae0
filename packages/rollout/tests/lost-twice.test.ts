import { expect, test } from '@jest/globals'
import { CancelledError, type Clock } from '@prebake/kernel'
import { cleanUp, endLostPauses, verifyRollout, type RolloutRecord } from '../src/index.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'
import { stateOf, through, type Ask } from './asking-cluster.ts'
import { obedientCluster } from './obedient-cluster.ts'
import { recordingReporter } from './recording-reporter.ts'
import { request, run } from './rollout-story.ts'
import { versionedManifests } from './versioned-manifests.ts'

/*
 * A rollout is lost at each of its changes, and its `post` with it; the next one is lost before its own first apply, or refused by its preflight. Whoever
 * comes then leaves no NodePool paused.
 */
type World = Awaited<ReturnType<typeof obedientCluster>>
const { signal } = new AbortController()
const imageOf: Readonly<Record<string, string>> = { 'snap-1': 'one', 'snap-2': 'two', 'snap-3': 'three' }

/** A rollout that is lost at its nth change; undefined: at none. @returns its changes, and what it wrote down for `post`. */
async function lose({ cluster, clock }: World, snapshot: string, image: string, nth: number | undefined, after: boolean) {
  const controller = new AbortController()
  const changes: string[] = []
  const ask: Ask = async (name, send) => {
    if (!name.startsWith('apply ') || changes.push(name) !== nth) return send()
    if (after) await send()
    controller.abort()
    throw new CancelledError()
  }
  const open = new Set<RolloutRecord>()
  const journal = {
    save: (record: RolloutRecord) => void open.add(JSON.parse(JSON.stringify(record)) as RolloutRecord),
    clear: () => open.clear(),
  }
  const given = request({ manifests: versionedManifests(snapshot, image), run: `of-${snapshot}`, timeoutMs: 300_000 })
  await run(through(cluster, ask) as TestCluster, clock, given, controller.signal, { journal })
  return { changes, open }
}

async function serving(): Promise<World> {
  const world = await obedientCluster({ crashes: (image) => image === 'bad' })
  await run(world.cluster, world.clock, request({ manifests: versionedManifests('snap-1') }))
  return world
}

/** Who comes last. All but a rollout come when the lost runs cannot be at work any more. */
const thirds: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  'a rollout': ({ cluster, clock }) => run(cluster, clock, request({ manifests: versionedManifests('snap-3', 'three'), run: 'third' })),
  async 'a rollout that is refused'({ cluster, clock }) {
    await anHour(clock)
    return run(cluster, clock, request({ manifests: versionedManifests('snap-3', 'three', refused), run: 'third' }))
  },
  async 'a verification'({ cluster, clock }) {
    await anHour(clock)
    const { deployment } = stateOf(cluster)
    const given = { manifests: versionedManifests(deployment, imageOf[deployment]), namespace: 'default', timeoutMs: 300_000 }
    return verifyRollout(given, { cluster, clock, reporter: recordingReporter() }, signal).catch((error: unknown) => error)
  },
  async 'a pruning'({ cluster, clock }) {
    await anHour(clock)
    return endLostPauses({ cluster, clock, reporter: recordingReporter() }, signal)
  },
}
/** In steps, in each of which the cluster's controllers do something. */
async function anHour(clock: Clock): Promise<void> {
  for (let minute = 0; minute < 60; minute += 1) await clock.sleep(60_000, signal)
}
const refused = '---\napiVersion: example.com/v1\nkind: Unknown\nmetadata: { name: x }\n'

async function judge(third: string, nth: number, after: boolean, post: boolean): Promise<readonly string[]> {
  const world = await serving()
  await lose(world, 'snap-2', 'two', nth, after)
  const { open } = await lose(world, 'snap-3', 'three', 1, false)
  const ports = { cluster: world.cluster, clock: world.clock, reporter: recordingReporter() }
  if (post) for (const record of open) await cleanUp(record, ports, signal)
  await thirds[third]?.(world)
  const { pool, deployment, paused } = stateOf(world.cluster)
  const wrong = [...(paused ? ['paused'] : []), ...(pool === deployment ? [] : [`NodePool ${pool}, Deployment ${deployment}`])]
  return wrong.length === 0 ? [] : [`lost ${after ? 'after' : 'before'} change ${nth}${post ? ', then post' : ''}: ${wrong.join('; ')}`]
}

test.each(Object.keys(thirds))('two runs are lost, one after the other, and then comes %s: no NodePool stays paused', async (third) => {
  const { changes } = await lose(await serving(), 'snap-2', 'two', undefined, false)
  const wrong: string[] = []
  for (const [index] of changes.entries())
    for (const after of [false, true]) for (const post of [false, true]) wrong.push(...(await judge(third, index + 1, after, post)))
  expect(wrong).toEqual([])
  expect(changes.length).toBeGreaterThan(3)
})

test('a next run that is refused before it applies anything ends the pause of an earlier attempt at once', async () => {
  const world = await serving()
  const attempt = (number: number, more = '') => request({ manifests: versionedManifests('snap-2', 'two', more), run: `7-${number}-x` })
  const controller = new AbortController()
  const ask: Ask = async (name, send) => {
    const answer = await send()
    if (name !== 'apply NodePool') return answer
    controller.abort()
    throw new CancelledError()
  }
  await run(through(world.cluster, ask) as TestCluster, world.clock, attempt(1), controller.signal)
  expect(stateOf(world.cluster)).toEqual({ pool: 'snap-2', deployment: 'snap-1', paused: true })
  await run(world.cluster, world.clock, attempt(2, refused))
  expect(stateOf(world.cluster)).toEqual({ pool: 'snap-1', deployment: 'snap-1', paused: false })
})

test('a rollout that may still be at work is left alone, and whoever looks says until when', async () => {
  const world = await serving()
  await lose(world, 'snap-2', 'two', 3, false)
  const left = stateOf(world.cluster)
  expect(left).toEqual({ pool: 'snap-2', deployment: 'snap-1', paused: true })
  const reporter = recordingReporter()
  world.cluster.forgetCalls()
  await endLostPauses({ cluster: world.cluster, clock: world.clock, reporter }, signal)
  expect(world.cluster.calls()).toEqual([])
  expect(reporter.lines).toEqual([expect.stringMatching(/^NodePool vllm: .*of-snap-2.*2026-11-24T1\d:\d\d/)])
})

test('new pods that crash: nothing is drained, and the way out is named', async () => {
  const world = await serving()
  await lose(world, 'snap-2', 'bad', 4, false)
  await anHour(world.clock)
  const reporter = recordingReporter()
  await endLostPauses({ cluster: world.cluster, clock: world.clock, reporter }, signal)
  expect(stateOf(world.cluster)).toEqual({ pool: 'snap-2', deployment: 'snap-2', paused: true })
  expect(reporter.lines).toEqual([expect.stringMatching(/^NodePool vllm: drift is still paused: .*Deployment default\/vllm/)])
})
