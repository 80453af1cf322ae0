import type { StartedStep } from '@prebake/action-kit/testing'
import type { FaultEffect, FaultedRequest } from '@prebake/simulator'
import { setTimeout as sleep } from 'node:timers/promises'
import { namePlaces, type Place } from './name-requests.ts'
import { cleaned, complaint, fullRate, leaks, openWorld, type BuildOptions, type World } from './open-world.ts'
import { runCases } from './run-cases.ts'

/** A place in a build where the action is killed: just before the request is carried out, or just after, with its answer on the way. */
export interface Crash {
  readonly place: Place
  readonly when: 'before' | 'after'
}

export interface CrashResult extends Crash {
  /** A place that a build does not always come to: it looked once less for something. */
  readonly met: boolean
  /** What the cleanup ended, in its own words. */
  readonly ended: readonly string[]
  readonly leaks: readonly string[]
  /** What the build itself said of its end, if it came to one. */
  readonly complaint: string
}

/** Every place of one undisturbed build, in its order. */
export async function recordPlaces(): Promise<Place[]> {
  const nameOf = namePlaces()
  const places = new Map<string, Place>()
  const faults = (request: FaultedRequest) => {
    const place = nameOf(request)
    if (place) places.set(place.name, place)
    return undefined
  }
  const world = await openWorld({ faults })
  try {
    const { main } = await world.build()
    if (main.exitCode !== 0) throw new Error(`An undisturbed build failed:\n${main.lines.slice(-5).join('\n')}`)
    return [...places.values()]
  } finally {
    await world.close()
  }
}

/** A look changes nothing at the server, so that being killed before and after it is one case. */
export const crashesAt = (places: readonly Place[]): Crash[] =>
  places.flatMap((place): Crash[] =>
    place.changes
      ? [
          { place, when: 'before' },
          { place, when: 'after' },
        ]
      : [{ place, when: 'before' }],
  )

/** Kills the action at each of the places, lets `post` run, and looks for what is left. */
export function crashMatrix(crashes: readonly Crash[]): Promise<CrashResult[]> {
  return runCases(crashes, (crash) =>
    untilMet(crash, async (rate) => {
      const { world, step, met } = await stoppedBuild(crash, { rate })
      try {
        const post = await step.post?.()
        if (post?.exitCode !== 0) throw new Error(`post failed after a kill ${crash.when} ${crash.place.name}: ${post?.lines.join(' ')}`)
        return { ...crash, met, ended: cleaned(post), leaks: await leaks(world.simulator), complaint: complaint(step.main) }
      } finally {
        await world.close()
      }
    }),
  )
}

/**
 * A build on a machine that has too much to do can fail ahead of the place, at a limit that simulated seconds set: then the case has not taken place,
 * and is run again, slower. A look may not be met for other reasons.
 */
export async function untilMet<Result extends { readonly met: boolean; readonly complaint: string }>(
  { place, when }: Crash,
  run: (rate: number) => Promise<Result>,
  rate = fullRate,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    const result = await run(rate / 2 ** (tries - 1))
    if (result.met || (!place.changes && result.complaint === '')) return result
    if (tries === 3) throw new Error(`Never stopped ${when} ${place.name}, since the build failed ahead of it: ${result.complaint}`)
    console.error(`Run again, slower: not stopped ${when} ${place.name}, since the build failed ahead of it: ${result.complaint}`)
  }
}

/** A build that was stopped by a signal at one place; its world is open, for whoever comes after. */
export async function stoppedBuild(
  { place, when }: Crash,
  options: Pick<BuildOptions, 'inputs' | 'environment'> & { readonly rate: number; readonly signal?: 'SIGKILL' | 'SIGINT' },
): Promise<{ world: World; step: StartedStep; met: boolean; endedAfterMs: number }> {
  const { signal = 'SIGKILL', inputs = {}, environment = {}, rate } = options
  const nameOf = namePlaces()
  let pid: number | undefined
  let met = false
  let over = false
  let stoppedAt = 0
  const faults = (request: FaultedRequest): FaultEffect | undefined => {
    if (met || over || nameOf(request)?.name !== place.name) return undefined
    met = true
    void stopOnceRecorded()
    return { kind: 'hang', after: when === 'after' }
  }
  const world = await openWorld({ faults, rate })
  // The journal says when a request has been dealt with; its answer never goes out.
  const stopOnceRecorded = async () => {
    while (!world.simulator.requests().some(({ fault }) => fault === 'hang')) await sleep(2)
    stoppedAt = Date.now()
    if (pid !== undefined) process.kill(pid, signal)
  }
  const step = await world.build({ inputs, environment, onStart: (started) => (pid = started) })
  // What `post` asks for is no place of the build.
  over = true
  if (met && signal === 'SIGKILL' && step.main.signal !== 'SIGKILL') throw new Error(`The action outlived its kill at ${place.name}.`)
  return { world, step, met, endedAfterMs: Date.now() - stoppedAt }
}
