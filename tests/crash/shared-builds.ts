import type { StartedStep } from '@prebake/action-kit/testing'
import type { FaultPlan } from '@prebake/simulator'
import { stoppedBuild, type Crash } from './crash-matrix.ts'
import { namePlaces, type Place } from './name-requests.ts'
import { complaint, leaks, openWorld, type World } from './open-world.ts'
import { runCases, unlessSlower } from './run-cases.ts'

/** Builds of the same that meet each other, or what another one has left. */
export interface SharedResult {
  readonly what: string
  readonly outcome: string
  readonly wrong: readonly string[]
}

interface SharedCase {
  readonly what: string
  readonly run: (rate: number) => Promise<{ readonly world: World; readonly builds: readonly StartedStep[] }>
}

async function together(rate: number) {
  const world = await openWorld({ rate })
  return { world, builds: await Promise.all([world.build(), world.build()]) }
}

/** The second begins when the first comes to `place`. */
const oneAfterAnother = (place: string) => async (rate: number) => {
  const nameOf = namePlaces()
  let second: Promise<StartedStep> | undefined
  const faults: FaultPlan = (request) => {
    if (second === undefined && nameOf(request)?.name === place) second = world.build()
    return undefined
  }
  const world = await openWorld({ rate, faults })
  const first = await world.build()
  return { world, builds: [first, ...(second ? [await second] : [])] }
}

/** A build is killed and its `post` is lost; then the same is built again. */
const again = (crash: Crash) => async (rate: number) => {
  const { world } = await stoppedBuild(crash, { rate })
  return { world, builds: [await world.build()] }
}

/** A build is cancelled, and its `post` runs; then the same is built again. */
const afterPost = (crash: Crash) => async (rate: number) => {
  const { world, step } = await stoppedBuild(crash, { rate, signal: 'SIGINT' })
  await step.post?.()
  return { world, builds: [await world.build()] }
}

/** A build is killed with its runner; then the run is run again. Its own first attempt must not be waited for. */
const rerun = (crash: Crash) => async (rate: number) => {
  const attempt = (number: string) => ({ GITHUB_RUN_ID: '4711', GITHUB_RUN_ATTEMPT: number })
  const { world } = await stoppedBuild(crash, { rate, environment: attempt('1') })
  return { world, builds: [await world.build({ environment: attempt('2') })] }
}

const killedAt: readonly (readonly [place: string, when: Crash['when']])[] = [
  ['bake: CreateSnapshot', 'after'],
  ['verify: RunInstances', 'after'],
  ['verify: CreateTags', 'before'],
  ['verify: CreateTags', 'after'],
]

const cancelledAt = ['verify: RunInstances', 'verify: SendCommand verify', 'verify: CreateTags']
const rerunAt = ['bake: RunInstances', 'bake: SendCommand status', 'bake: CreateSnapshot', 'verify: SendCommand init']

const sharedCases = (places: readonly Place[]): SharedCase[] => [
  { what: 'two builds of the same, begun together', run: together },
  { what: 'a second build begins while the first bakes', run: oneAfterAnother('bake: SendCommand init') },
  { what: 'a second build begins as the first takes its snapshot', run: oneAfterAnother('bake: CreateSnapshot') },
  ...killedAt.flatMap(([name, when]) => {
    const place = places.find((candidate) => candidate.name === name)
    return place ? [{ what: `a build again, after one was lost ${when} ${name}`, run: again({ place, when }) }] : []
  }),
  ...places.flatMap((place): SharedCase[] => [
    ...(cancelledAt.includes(place.name)
      ? [{ what: `a build again, after one was cancelled before ${place.name} and cleaned up`, run: afterPost({ place, when: 'before' }) }]
      : []),
    ...(rerunAt.includes(place.name)
      ? [{ what: `a second attempt of a run whose first died after ${place.name}`, run: rerun({ place, when: 'after' }) }]
      : []),
  ]),
]

/** Runs them all: each must come to one and the same snapshot, and leave nothing else. */
export function sharedBuilds(places: readonly Place[]): Promise<SharedResult[]> {
  return runCases(sharedCases(places), ({ what, run }) => unlessSlower(what, (rate) => judge(what, run, rate)))
}

async function judge(what: string, run: SharedCase['run'], rate: number): Promise<SharedResult> {
  const { world, builds } = await run(rate)
  try {
    for (const { post } of builds) await post?.()
    // What the lost build has left running ends by its own timer; here only the snapshots count.
    const left = (await leaks(world.simulator)).filter((words) => !(what.includes('lost') && /^i-/.test(words)))
    const ids = builds.map(({ main }) => main.outputs['snapshot-id'])
    const reused = builds.map(({ main }) => main.outputs['reused'])
    const wrong = [
      ...builds.flatMap(({ main }) => (main.exitCode === 0 ? [] : [`one fails: ${complaint(main)}`])),
      ...(new Set(ids).size === 1 ? [] : [`they return ${ids.join(' and ')}`]),
      ...(reused.filter((word) => word === 'false').length > 1 ? ['more than one says that it made it'] : []),
      ...(world.simulator.aws.snapshots().length === 1 ? [] : [`${world.simulator.aws.snapshots().length} snapshots`]),
      ...left,
    ]
    const ofTwo = builds.length > 1 ? 'one made it, the other reuses it' : 'it makes its own'
    const made = reused.includes('false') ? ofTwo : 'it takes over what the first has left'
    return { what, outcome: wrong.length > 0 ? wrong.join(', ') : `one snapshot: ${made}`, wrong }
  } finally {
    await world.close()
  }
}
