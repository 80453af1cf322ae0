import { crashesAt, stoppedBuild, untilMet, type Crash } from './crash-matrix.ts'
import { alive, complaint, until } from './open-world.ts'
import type { Place } from './name-requests.ts'
import { runCases } from './run-cases.ts'

export interface LostResult extends Crash {
  readonly met: boolean
  /** What ended the builder, when no run knows of it any more. */
  readonly endedBy: 'nothing was there' | 'the build itself' | 'its own timer' | 'the next build' | 'nothing: it leaks'
  /** Simulated minutes from the kill to its end. */
  readonly minutes: number
  readonly snapshot: string
  readonly complaint: string
}

/** Short, so that the builder's time is soon over: its timer is set to twice as long. */
const inputs = { timeout: '10m' }
/** Twice ten minutes, or the half hour of a builder that only checks, and some. */
const timerSeconds = 32 * 60
/** For what an instance's tags say of its end: boot, twice the timeout, and some minutes for the clock. */
const overdueSeconds = (15 + 30 + 2) * 60

/** Looks change nothing at AWS: what a lost run leaves is decided by the last request that changed something. */
export const lossesAt = (places: readonly Place[]): Crash[] => crashesAt(places.filter(({ changes }) => changes))

/** Kills the action at each place and runs no `post`: whatever runs on must end by itself, or by any later build. */
export function lostMatrix(crashes: readonly Crash[]): Promise<LostResult[]> {
  return runCases(crashes, (crash) => untilMet(crash, (rate) => loseBuild(crash, rate)))
}

async function loseBuild(crash: Crash, rate: number): Promise<LostResult> {
  const { world, met, step } = await stoppedBuild(crash, { rate, inputs })
  const { simulator } = world
  try {
    const launched = simulator.aws.instances().length > 0
    let endedBy: LostResult['endedBy'] = alive(simulator).length > 0 ? 'its own timer' : launched ? 'the build itself' : 'nothing was there'
    const killedAt = simulator.now().getTime()
    const ended = await until(simulator, timerSeconds, () => alive(simulator).length === 0)
    const minutes = Math.round((simulator.now().getTime() - killedAt) / 60_000)
    if (!ended) {
      const [lost] = alive(simulator)
      await until(simulator, overdueSeconds - timerSeconds, () => simulator.now() > new Date(lost?.tags['prebake:ends'] ?? ''))
      // It builds nothing itself: there is no such model.
      await world.build({ inputs: { model: 'missing/nothing' } })
      endedBy = alive(simulator).some(({ instanceId }) => instanceId === lost?.instanceId) ? 'nothing: it leaks' : 'the next build'
    }
    const [snapshot, ...more] = simulator.aws.snapshots()
    const state =
      snapshot === undefined
        ? 'none'
        : snapshot.tags['prebake:verified'] === undefined
          ? 'complete, not verified: for the next build to adopt'
          : 'verified'
    return { ...crash, met, complaint: complaint(step.main), endedBy, minutes, snapshot: more.length > 0 ? 'MORE THAN ONE' : state }
  } finally {
    await world.close()
  }
}
