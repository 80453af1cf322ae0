import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultEffect, FaultedRequest } from '@prebake/simulator'
import type { Run } from '../../../actions/apply-manifests/tests/open-scene.ts'
import type { Place } from '../name-requests.ts'
import { nameRolloutPlaces } from './name-places.ts'
import type { RolloutWorld, RunHooks, Story } from './rollout-world.ts'

/** A place in a rollout where the action is stopped: just before the request is carried out, or just after, with its answer on the way. */
export interface Stop {
  readonly story: Story
  readonly place: Place
  readonly when: 'before' | 'after'
}

/**
 * Every place of one undisturbed rollout, in its order. Of what only looks, the first look after each change: what a stop leaves behind is decided by the
 * last request that changed something, and how often a rollout looks differs from run to run.
 */
export async function recordRolloutPlaces(world: RolloutWorld, story: Story): Promise<readonly Place[]> {
  const nameOf = nameRolloutPlaces()
  const places = new Map<string, Place>()
  world.meet((request) => {
    const place = nameOf(request)
    if (place && !place.name.endsWith(', later')) places.set(place.name, place)
    return undefined
  })
  const { exitCode, outputs, lines } = await world.rollOut(story)
  world.meet(() => undefined)
  const ended = story === 'serves' ? exitCode === 0 : outputs['rolled-back'] === 'true'
  if (!ended) throw new Error(`An undisturbed rollout of what ${story} ended with ${exitCode}:\n${lines.slice(-8).join('\n')}`)
  return [...places.values()]
}

/** A rollout that a signal stops at one place. */
export async function stoppedRollout(
  world: RolloutWorld,
  { story, place, when }: Stop,
  signal: 'SIGKILL' | 'SIGINT',
  hooks: RunHooks = {},
): Promise<{ readonly run: Run; readonly met: boolean; readonly endedAfterMs: number }> {
  const nameOf = nameRolloutPlaces()
  const from = world.simulator.requests().length
  let pid: number | undefined
  let met = false
  let stoppedAt = 0
  // The journal says when a request has been dealt with; its answer never goes out.
  const stopOnceRecorded = async () => {
    while (
      !world.simulator
        .requests()
        .slice(from)
        .some(({ fault }) => fault === 'hang')
    )
      await sleep(2)
    stoppedAt = Date.now()
    if (pid !== undefined) process.kill(pid, signal)
  }
  world.meet((request: FaultedRequest): FaultEffect | undefined => {
    if (met || nameOf(request)?.name !== place.name) return undefined
    met = true
    void stopOnceRecorded()
    return { kind: 'hang', after: when === 'after' }
  })
  const run = await world.rollOut(story, { ...hooks, onStart: (started) => (pid = started) })
  world.meet(() => undefined)
  if (met && signal === 'SIGKILL' && run.signal !== 'SIGKILL') throw new Error(`The action outlived its kill at ${place.name}.`)
  return { run, met, endedAfterMs: Date.now() - stoppedAt }
}
