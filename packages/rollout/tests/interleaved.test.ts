import { expect, test } from '@jest/globals'
import { FailedRollout } from '../src/index.ts'
import type { TestCluster } from '../../kubernetes/tests/test-cluster.ts'
import { stateOf, through, type Ask } from './asking-cluster.ts'
import { obedientCluster } from './obedient-cluster.ts'
import { request, run } from './rollout-story.ts'
import { takeTurns, type Schedule, type Who } from './taking-turns.ts'
import { classOf, versionedManifests } from './versioned-manifests.ts'

/*
 * Two rollouts at once, on one cluster: the second begins at each request of the first that changes something, and at the first look after it; from there on
 * they take turns, one request each, or one of them stands still until the other has ended. Whatever comes of it, each says what is, and the cluster is left
 * whole.
 */
interface Part {
  readonly snapshot: string
  readonly image: string
}
type Parts = Readonly<Record<Who, Part>>

/** One whose pods serve, one whose pods crash, one whose NodeClass never becomes Ready. */
const world = () =>
  obedientCluster({ crashes: (image) => image === 'bad', unready: (nodeClass) => nodeClass.metadata.name === classOf('snap-unready') })

async function together(parts: Parts, begin: number, schedule: Schedule, still = 1): Promise<readonly string[]> {
  const { cluster, clock } = await world()
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  let second: Promise<readonly string[]> | undefined
  const succeeded: string[] = []
  const turns = takeTurns(begin, () => void (second = roll('second')), schedule, still)
  const wrong = (who: Who, snapshot: string, outcome: unknown): readonly string[] => {
    const { pool, deployment } = stateOf(cluster)
    // The other may have come after it.
    const serves = [snapshot, ...succeeded].some((each) => pool === each && deployment === each)
    if (!(outcome instanceof Error) && !serves) return [`the ${who} succeeds, and does not serve`]
    if (outcome instanceof FailedRollout && outcome.rolledBack && (pool === snapshot || deployment === snapshot))
      return [`the ${who} says rolled back, and is not`]
    return []
  }
  async function roll(who: Who): Promise<readonly string[]> {
    const { snapshot, image } = parts[who]
    const given = request({ manifests: versionedManifests(snapshot, image), run: who, timeoutMs: 100_000 })
    const { outcome } = await run(through(cluster, turns[who]) as TestCluster, clock, given)
    const found = wrong(who, snapshot, outcome)
    if (!(outcome instanceof Error)) succeeded.push(snapshot)
    turns.end(who)
    return found
  }
  const found = [...(await roll('first')), ...((await second) ?? [])]
  expect(second).toBeDefined()
  // Whoever has succeeded alone is what serves, whatever the other found when it began; where neither has, what served before both.
  const wanted = new Set(succeeded.length === 0 ? ['snap-1'] : succeeded)
  const { pool, deployment, paused } = stateOf(cluster)
  const state = [
    ...(pool === deployment ? [] : [`half switched: NodePool ${pool}, Deployment ${deployment}`]),
    ...(wanted.has(deployment) ? [] : [`${deployment} in place of ${[...wanted].join(' or ')}`]),
    ...(paused ? ['paused'] : []),
    ...(JSON.stringify(cluster.find('Deployment')['spec']).includes('bad') ? ['left with pods that crash'] : []),
  ]
  return [...found, ...state].map((each) => `${schedule}, ${begin}${schedule.startsWith('the second') ? ` and ${still}` : ''}: ${each}`)
}

/** The requests of a rollout of its own that change something, and the first look after each, by their numbers. */
async function beginnings({ snapshot, image }: Part): Promise<readonly number[]> {
  const { cluster, clock } = await world()
  await run(cluster, clock, request({ manifests: versionedManifests('snap-1') }))
  const names: string[] = []
  const ask: Ask = (name, send) => (names.push(name), send())
  const given = request({ manifests: versionedManifests(snapshot, image), run: 'first', timeoutMs: 100_000 })
  await run(through(cluster, ask) as TestCluster, clock, given)
  const changes = (index: number) => names[index]?.startsWith('apply ') === true
  return names.flatMap((_, index) => (changes(index) || changes(index - 1) ? [index + 1] : []))
}

const all: readonly Schedule[] = ['in turns', 'the first stands still', 'the second stands still']
const serves = (snapshot: string, image: string): Part => ({ snapshot, image })
const crashes = (snapshot: string): Part => ({ snapshot, image: 'bad' })
/** Each schedule where it differs from the others: some take a rollout of the same length to the same end. */
const stories: readonly (readonly [string, readonly Schedule[], Parts])[] = [
  ['both serve', all, { first: serves('snap-2', 'two'), second: serves('snap-3', 'three') }],
  ['the first crashes', ['in turns', 'the first stands still'], { first: crashes('snap-2'), second: serves('snap-3', 'three') }],
  ['the second crashes', all, { first: serves('snap-2', 'two'), second: crashes('snap-3') }],
  ['both crash', ['in turns'], { first: crashes('snap-2'), second: crashes('snap-3') }],
  ['both roll out the same', ['in turns'], { first: serves('snap-2', 'two'), second: serves('snap-2', 'two') }],
  [
    'the NodeClass of the second is never Ready',
    ['in turns', 'the first stands still'],
    { first: serves('snap-2', 'two'), second: serves('snap-unready', 'three') },
  ],
]

test.each(stories)('%s: each says what is, and nothing is left half (%p)', async (_title, schedules, parts) => {
  const wrong: string[] = []
  const places = await beginnings(parts.first)
  const stills = schedules.includes('the second stands still') ? await beginnings(parts.second) : []
  for (const schedule of schedules) {
    if (schedule !== 'the second stands still') for (const begin of places) wrong.push(...(await together(parts, begin, schedule)))
  }
  for (const still of stills) wrong.push(...(await together(parts, places[0] ?? 1, 'the second stands still', still)))
  expect(wrong).toEqual([])
})
