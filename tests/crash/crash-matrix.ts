import type { StartedStep } from '@prebake/simulator'
import { setTimeout as sleep } from 'node:timers/promises'
import { namePlaces, type Place } from './name-requests.ts'
import { complaint, leaks, openWorld, type World } from './open-world.ts'
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
}

/** Every place of one undisturbed build, in its order. */
export async function recordPlaces(): Promise<Place[]> {
  const nameOf = namePlaces()
  const places = new Map<string, Place>()
  const world = await openWorld((request) => {
    const place = nameOf(request)
    if (place) places.set(place.name, place)
    return undefined
  })
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
  return runCases(crashes, async (crash) => {
    const { world, step, met } = await killedBuild(crash)
    if (!met && crash.place.changes && step.main.exitCode !== 0) complain(crash, complaint(step.main))
    try {
      const post = await step.post?.()
      if (post?.exitCode !== 0) throw new Error(`post failed after a kill ${crash.when} ${crash.place.name}: ${post?.lines.join(' ')}`)
      const ended = post.lines.filter((line) => /^(Terminated|Deleted) /.test(line))
      return { ...crash, met, ended, leaks: await leaks(world.simulator) }
    } finally {
      await world.close()
    }
  })
}

function complain({ place, when }: Crash, words: string): void {
  console.error(`Not killed ${when} ${place.name}, since the build failed ahead of it: ${words}`)
}

/** A build that was killed with SIGKILL at one place; its world is open, for whoever comes after. */
export async function killedBuild(
  { place, when }: Crash,
  inputs: Readonly<Record<string, string>> = {},
): Promise<{ world: World; step: StartedStep; met: boolean }> {
  const nameOf = namePlaces()
  let pid: number | undefined
  let met = false
  const world = await openWorld((request) => {
    if (met || nameOf(request)?.name !== place.name) return undefined
    met = true
    void killOnceRecorded()
    return { kind: 'hang', after: when === 'after' }
  })
  // The journal says when a request has been dealt with; its answer never goes out.
  const killOnceRecorded = async () => {
    while (!world.simulator.requests().some(({ fault }) => fault === 'hang')) await sleep(2)
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
  const step = await world.build({ inputs, onStart: (started) => (pid = started) })
  if (met && step.main.signal !== 'SIGKILL') throw new Error(`The action outlived its kill at ${place.name}.`)
  return { world, step, met }
}
