import type { RecordedRequest } from '@prebake/simulator'
import { crashesAt, stoppedBuild, untilMet, type Crash } from './crash-matrix.ts'
import { cleaned, complaint, leaks } from './open-world.ts'
import type { Place } from './name-requests.ts'
import { runCases, unlessSlower } from './run-cases.ts'

export interface CancelResult extends Crash {
  readonly met: boolean
  readonly complaint: string
  /** What the cleanup ended, in its own words. */
  readonly ended: readonly string[]
  readonly leaks: readonly string[]
  readonly wrong: readonly string[]
}

/** The runner waits 7.5 s of real time before it gets rough. */
const endLimitMs = 5000
/** Simulated, from the first request of `post`. */
const cleanUpLimitMs = 60_000

export const cancelsAt = (places: readonly Place[]): Crash[] => crashesAt(places.filter(({ changes }) => changes))

/** Cancels the build at each place as the runner does, with the request's answer outstanding, lets `post` run, and looks for what is left. */
export function cancelMatrix(cancels: readonly Crash[]): Promise<CancelResult[]> {
  return runCases(cancels, (cancel) =>
    unlessSlower(`cancelled ${cancel.when} ${cancel.place.name}`, (rate) =>
      untilMet(cancel, (slower) => cancelBuild(cancel, slower), rate),
    ),
  )
}

async function cancelBuild(cancel: Crash, rate: number): Promise<CancelResult> {
  const { world, step, met, endedAfterMs } = await stoppedBuild(cancel, { rate, signal: 'SIGINT' })
  const { simulator } = world
  try {
    const { main } = step
    const before = simulator.requests().length
    const post = await step.post?.()
    // The builder is still at it, and asks the hub.
    const asked = simulator
      .requests()
      .slice(before)
      .filter(({ server }) => server === 'aws')
    const tookMs = lastEndAsked(asked) - Date.parse(asked[0]?.time ?? '')
    const left = await leaks(simulator)
    const said = complaint(main)
    const wrong = [
      ...(endedAfterMs > endLimitMs ? [`the process ends after ${endedAfterMs} ms`] : []),
      ...(main.exitCode === 1 && said.includes('cancelled') ? [] : [`it ends with ${main.exitCode ?? main.signal}: ${said}`]),
      ...(post?.exitCode === 0 ? [] : [`post fails: ${post?.lines.join(' ')}`]),
      ...(tookMs > cleanUpLimitMs ? [`post takes ${Math.round(tookMs / 1000)} simulated seconds`] : []),
      ...left,
    ]
    return { ...cancel, met, complaint: met ? '' : said, ended: cleaned(post), leaks: left, wrong: met ? wrong : [] }
  } finally {
    await world.close()
  }
}

/** When the last of all that was to be ended was asked to end for the first time: EC2 still shows it for some seconds, and is then asked once more. NaN if nothing was. */
function lastEndAsked(requests: readonly RecordedRequest[]): number {
  const ends = requests.filter(({ operation }) => operation === 'TerminateInstances' || operation === 'DeleteSnapshot')
  const keyOf = ({ operation, parameters }: RecordedRequest) => JSON.stringify([operation, parameters])
  const first = new Map(ends.toReversed().map((request) => [keyOf(request), Date.parse(request.time)]))
  return first.size === 0 ? NaN : Math.max(...first.values())
}
