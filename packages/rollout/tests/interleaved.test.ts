import { expect, test } from '@jest/globals'
import { FailedRollout } from '../src/index.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'
import { stateOf, through, type Ask } from './asking-cluster.ts'
import { obedientCluster } from './obedient-cluster.ts'
import { request, run } from './rollout-story.ts'
import { versionedManifests } from './versioned-manifests.ts'

/*
 * Two rollouts at once, on one cluster: the second begins at each request of the first that changes something, and at the first look after it; from there on
 * they take turns, one request each. Whatever comes of it, each says what is, and the cluster is left whole.
 */
interface Turns {
  readonly first: Ask
  readonly second: Ask
  /** Called as a rollout ends: the other goes on alone. */
  readonly end: (who: 'first' | 'second') => void
}

function takeTurns(begin: number, startSecond: () => void): Turns {
  let count = 0
  let turn: 'first' | 'second' = 'first'
  const ended = new Set<string>()
  // A rollout may ask several things at once.
  const waiting = { first: [] as (() => void)[], second: [] as (() => void)[] }
  const pass = (to: 'first' | 'second') => {
    turn = to
    waiting[to].shift()?.()
  }
  const asking =
    (me: 'first' | 'second', other: 'first' | 'second'): Ask =>
    async (_name, send) => {
      if (me === 'first' && (count += 1) === begin) startSecond()
      const isShared = count >= begin && !ended.has(other)
      if (isShared && turn !== me) await new Promise<void>((resolve) => waiting[me].push(resolve))
      try {
        return await send()
      } finally {
        if (count >= begin && !ended.has(other)) pass(other)
      }
    }
  return {
    first: asking('first', 'second'),
    second: asking('second', 'first'),
    end: (who) => {
      ended.add(who)
      for (const wake of waiting[who === 'first' ? 'second' : 'first'].splice(0)) wake()
    },
  }
}

async function together(images: readonly [string, string], begin: number): Promise<readonly string[]> {
  const { cluster, clock } = await obedientCluster({ crashes: (image) => image === 'bad' })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  let second: Promise<readonly string[]> | undefined
  const turns = takeTurns(begin, () => (second = roll('second', 'snap-3', images[1])))
  const wrong = (who: string, snapshot: string, outcome: unknown): readonly string[] => {
    const { pool, deployment } = stateOf(cluster)
    if (!(outcome instanceof Error) && !(pool === snapshot && deployment === snapshot)) return [`the ${who} succeeds, and does not serve`]
    if (outcome instanceof FailedRollout && outcome.rolledBack && (pool === snapshot || deployment === snapshot))
      return [`the ${who} says rolled back, and is not`]
    return []
  }
  async function roll(who: 'first' | 'second', snapshot: string, image: string): Promise<readonly string[]> {
    const given = request({ manifests: versionedManifests(snapshot, image), run: who, timeoutMs: 300_000 })
    const { outcome } = await run(through(cluster, turns[who]) as TestCluster, clock, given)
    const found = wrong(who, snapshot, outcome)
    turns.end(who)
    return found
  }
  const found = [...(await roll('first', 'snap-2', images[0])), ...((await second) ?? [])]
  const { pool, deployment, paused } = stateOf(cluster)
  const state = [
    ...(pool === deployment ? [] : [`half switched: NodePool ${pool}, Deployment ${deployment}`]),
    ...(paused ? ['paused'] : []),
    ...(JSON.stringify(cluster.find('Deployment')['spec']).includes('bad') ? ['left with pods that crash'] : []),
  ]
  expect(second).toBeDefined()
  return [...found, ...state].map((each) => `${begin}: ${each}`)
}

/** The requests of a rollout of its own that change something, and the first look after each, by their numbers. */
async function beginnings(image: string): Promise<readonly number[]> {
  const { cluster, clock } = await obedientCluster({ crashes: (of) => of === 'bad' })
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  const names: string[] = []
  const ask: Ask = (name, send) => (names.push(name), send())
  await run(through(cluster, ask) as TestCluster, clock, request({ manifests: versionedManifests('snap-2', image), run: 'first' }))
  const changes = (index: number) => names[index]?.startsWith('apply ') === true
  return names.flatMap((_, index) => (changes(index) || changes(index - 1) ? [index + 1] : []))
}

test.each([
  ['both serve', ['two', 'three']],
  ['the first crashes', ['bad', 'three']],
  ['the second crashes', ['two', 'bad']],
  ['both crash', ['bad', 'bad']],
] as const)('%s: each says what is, and nothing is left half', async (_title, images) => {
  const wrong: string[] = []
  for (const begin of await beginnings(images[0])) wrong.push(...(await together(images, begin)))
  expect(wrong).toEqual([])
})
