import type { PhaseResult } from '@prebake/action-kit/testing'
import { complaint, until } from '../open-world.ts'
import type { Place } from '../name-requests.ts'
import { faultsOf, stateOf, switchOf, type Switch } from './cluster-state.ts'
import { inWorlds } from './in-worlds.ts'
import { endsAsExpected, saidBy, type RolloutWorld, type Story } from './rollout-world.ts'
import { stoppedRollout, type Stop } from './stopped-rollout.ts'

/**
 * Killed or cancelled, and then `post` runs; or killed with the runner, so that only the next run comes, which serves or fails too; or is lost as well, before
 * it applies anything, so that all that comes is a verification, when the lost runs are over for certain.
 */
export type Ending = 'killed' | 'cancelled' | 'lost' | 'lost, then a failure' | 'lost twice'

export interface StopResult extends Stop {
  readonly met: boolean
  /** What the stop left, before anything else ran. */
  readonly left: Switch
  /** What `post`, or the next run, made of it. */
  readonly becomes: Switch
  readonly wrong: readonly string[]
}

/** The runner waits 7.5 s of real time before it gets rough. */
const endLimitMs = 5000
/** Simulated: for pods to come and go after the last request, and for Karpenter to end what is empty. */
export const calmSeconds = 900

/**
 * Every request that changes something, before and after; and one look after each of them, since a look changes nothing and the last change decides what a
 * stop leaves. A lost run leaves what its last change has made.
 */
export const stopsAt = (story: Story, places: readonly Place[], ending: Ending): readonly Stop[] =>
  places.flatMap((place, index): readonly Stop[] => {
    if (place.changes)
      return [
        { story, place, when: 'before' },
        { story, place, when: 'after' },
      ]
    return !isLost(ending) && places[index - 1]?.changes === true ? [{ story, place, when: 'before' }] : []
  })

export function stopMatrix(ending: Ending, stops: readonly Stop[]): Promise<readonly StopResult[]> {
  return inWorlds(
    stops,
    ({ story, place, when }) => `${ending} ${when} ${place.name}, of what ${story}`,
    (world, stop) => stopRollout(world, stop, ending),
  )
}

async function stopRollout(world: RolloutWorld, stop: Stop, ending: Ending): Promise<StopResult> {
  const { simulator } = world
  const was = stateOf(simulator)
  world.gaps()
  const { run, met, endedAfterMs } = await stoppedRollout(
    world,
    stop,
    ending === 'cancelled' ? 'SIGINT' : 'SIGKILL',
    ending === 'lost twice' ? { timeout } : {},
  )
  const left = switchOf(stateOf(simulator), was)
  const next = ending === 'lost' ? 'serves' : 'crashes'
  const later = ending === 'lost twice' ? await loseAgain(world) : isLost(ending) ? await world.rollOut(next) : await run.post?.()
  const becomes = switchOf(stateOf(simulator), was)
  await until(simulator, calmSeconds, () => faultsOf(simulator, was).length === 0)
  const gap = world.gaps()
  const wrong = [
    ...(ending === 'cancelled' && met && endedAfterMs > endLimitMs ? [`the process ends after ${endedAfterMs} ms`] : []),
    ...(ending === 'cancelled' && met && !(run.exitCode === 1 && saidBy(run).includes('The run was cancelled.'))
      ? [`it ends with ${run.exitCode ?? run.signal}: ${complaint(run)}`]
      : []),
    ...(ending === 'lost twice' ? [] : isLost(ending) ? misEnded(next, later) : misreported(later, left, becomes)),
    ...(isLost(ending) || later?.exitCode === 0 ? [] : [`post fails: ${later?.lines.slice(-4).join(' ')}`]),
    ...(gap > 0 ? [`no pod was ready for ${gap.toFixed(0)} s`] : []),
    ...faultsOf(simulator, was),
  ]
  return { ...stop, met, left, becomes, wrong }
}

const timeout = '5m'
/** Simulated: that, and half an hour for the rollback and `post`. */
const leaseSeconds = 300 + 1800

/** @returns the verification. Nothing is applied of what it asks for, so that it ends at its limit. */
async function loseAgain(world: RolloutWorld): Promise<PhaseResult> {
  const first: Place = { name: 'apply EC2NodeClass', operation: 'apply EC2NodeClass', changes: true }
  await stoppedRollout(world, { story: 'serves', place: first, when: 'before' }, 'SIGKILL', { timeout })
  await world.simulator.sleep(leaseSeconds)
  return world.verify()
}

const isLost = (ending: Ending): boolean => ending.startsWith('lost')

function misEnded(next: Story, later: PhaseResult | undefined): readonly string[] {
  return later !== undefined && endsAsExpected(next, later) ? [] : [`the next run ends wrong: ${later?.lines.slice(-4).join(' ')}`]
}

/** Where `post` has put something back it says so, and where it has not it does not. */
function misreported(post: PhaseResult | undefined, left: Switch, becomes: Switch): readonly string[] {
  const said = post === undefined ? '' : saidBy(post)
  const says = /rolled back/i.test(said)
  const does = left !== 'old' && becomes === 'old'
  return says === does ? [] : [`post ${does ? 'puts back' : 'puts nothing back'} and says: ${said.trim()}`]
}
