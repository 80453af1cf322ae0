import { isDeepStrictEqual } from 'node:util'
import type { PhaseResult } from '@prebake/action-kit/testing'
import { injectEachOnce, injectFrom, type Injection } from '../fault-case.ts'
import type { Failure } from '../faults.ts'
import type { Place } from '../name-requests.ts'
import { complaint, errorCode, remedy, until } from '../open-world.ts'
import { faultsOf, stateOf, switchOf, type ClusterState } from './cluster-state.ts'
import { inWorlds } from './in-worlds.ts'
import { nameRolloutPlaces } from './name-places.ts'
import { endsAsExpected, saidBy, type RolloutWorld, type Story } from './rollout-world.ts'
import { calmSeconds } from './stop-matrix.ts'
import type { Run } from '../../../actions/apply-manifests/tests/open-scene.ts'

export interface RolloutFault {
  readonly story: Story
  readonly fault: string
  readonly where: string
  /** Whether it passes: the rollout must then end as it does without it. */
  readonly passes: boolean
  /** New for each run. */
  readonly inject: () => Injection
}

export interface RolloutFaultResult extends RolloutFault {
  readonly outcome: string
  readonly left: readonly string[]
  readonly wrong: readonly string[]
}

const passing: readonly Failure[] = ['throttling', '500', '503', 'reset', 'hang']
const lostAnswers: readonly Failure[] = ['reset, after it took effect', 'hang, after it took effect']
/** So that a request that hangs is given up while a run still has time; clients wait for real. */
const environment = { PREBAKE_REQUEST_TIMEOUT_MS: '1000' }

/** What passes hits every request once; what lasts begins at one place, and goes on while `post` runs. */
export function rolloutFaults(story: Story, places: readonly Place[]): readonly RolloutFault[] {
  const changing = places.filter(({ changes }) => changes)
  const once = (failure: Failure, where: string, hit: readonly Place[]): RolloutFault => ({
    story,
    fault: `${failure}, once`,
    where,
    passes: true,
    inject: () => injectEachOnce(failure, hit, nameRolloutPlaces()),
  })
  const lasting = (failure: Failure, { name }: Place): RolloutFault => ({
    story,
    fault: `${failure}, always`,
    where: name,
    passes: false,
    inject: () => injectFrom(name, failure, nameRolloutPlaces()),
  })
  // Before the first change, one rollout is as the other.
  const looks = places.filter(({ name }) => story === 'serves' || !name.endsWith('after the start'))
  return [
    ...passing.map((failure) => once(failure, 'every request', places)),
    ...lostAnswers.map((failure) => once(failure, 'every request that changes something', changing)),
    ...looks.map((place) => lasting('denied', place)),
    ...changing.flatMap((place) => [lasting('500', place), lasting('reset, after it took effect', place)]),
  ]
}

export function rolloutFaultMatrix(cases: readonly RolloutFault[]): Promise<readonly RolloutFaultResult[]> {
  return inWorlds(cases, ({ story, fault, where }) => `${fault}, ${where}, of what ${story}`, rollOutWithFault)
}

async function rollOutWithFault(world: RolloutWorld, fault: RolloutFault): Promise<RolloutFaultResult> {
  const { simulator } = world
  const was = stateOf(simulator)
  world.gaps()
  const { plan, missed } = fault.inject()
  world.meet(plan)
  const run = await world.rollOut(fault.story, { environment })
  const reported = stateOf(simulator)
  const post = await run.post?.()
  world.meet(() => undefined)
  await until(simulator, calmSeconds, () => faultsOf(simulator, was).length === 0)
  const left = faultsOf(simulator, was)
  // What the API server refuses for good may be left, where the run says so, and what it says to do then ends it.
  const mayStay = !fault.passes && saysWhatStays(run, post)
  const ending = mayStay && left.length > 0 ? await rollOutAgain(world) : []
  const gap = world.gaps()
  const wrong = [
    ...(fault.passes ? missed().map((name) => `not hit: ${name}`) : []),
    ...(fault.passes && !endsAsExpected(fault.story, run) ? [`it ends with ${run.exitCode}: ${complaint(run)}`] : []),
    ...misreported(run, reported, was),
    ...(post?.exitCode === 0 ? [] : ['post failed']),
    ...(gap > 0 ? [`no pod was ready for ${gap.toFixed(0)} s`] : []),
    ...(mayStay ? ending.map((what) => `after another rollout: ${what}`) : left),
  ]
  const outcome = run.exitCode === 0 ? 'succeeds' : (errorCode(run) ?? complaint(run).split('\n').at(-1) ?? '')
  return { ...fault, outcome, left, wrong }
}

/** Whether a run names what it leaves, and how to end it. */
function saysWhatStays(run: Run, post: PhaseResult | undefined): boolean {
  const log = [saidBy(run), post === undefined ? '' : saidBy(post)].join('\n')
  const isNamed = /As it is now: |What was changed is not known: /.test(log) && /roll out what served before/.test(remedy(run))
  return (errorCode(run) === 'rollback-failed' && isNamed) || /drift is still paused: .*Until its manifest is applied again/.test(log)
}

/** What a version that serves leaves wrong. */
async function rollOutAgain(world: RolloutWorld): Promise<readonly string[]> {
  const was = stateOf(world.simulator)
  const { exitCode } = await world.rollOut('serves')
  await until(world.simulator, calmSeconds, () => faultsOf(world.simulator, was).length === 0)
  return [...(exitCode === 0 ? [] : [`it ends with ${exitCode}`]), ...faultsOf(world.simulator, was)]
}

/** Outputs and error against what the cluster has when the run ends. */
function misreported(run: Run, now: ClusterState, was: ClusterState): readonly string[] {
  const state = switchOf(now, was)
  const said = saidBy(run)
  const rolledBack = run.outputs['rolled-back'] === 'true'
  return [
    ...(run.exitCode === 0 && state !== 'new' ? [`it succeeds, and what was applied is ${state}`] : []),
    ...((rolledBack || /Rolled back, and serving/.test(said)) && state !== 'old'
      ? [`it says that it was rolled back, and it is ${state}`]
      : []),
    ...(/No existing object was changed|Nothing was (changed|applied)/.test(said) && state !== 'old'
      ? [`it says that nothing was changed, and it is ${state}`]
      : []),
    ...Object.entries({
      'NodePool vllm': now.nodeClass === was.nodeClass,
      'Deployment default/vllm': isDeepStrictEqual(now.template, was.template),
    }).flatMap(([title, isBefore]) =>
      new RegExp(`As it is now: [^.]*${title} ${isBefore ? 'changed' : 'as before'}`).test(said)
        ? [`it says the wrong thing of ${title}`]
        : [],
    ),
    ...(run.exitCode !== 0 && run.outputs['changed'] === 'false' && state !== 'old' ? [`changed is false, and it is ${state}`] : []),
  ]
}
