import type { Place } from '../name-requests.ts'
import type { Report } from '../report.ts'
import { rolloutRate } from './in-worlds.ts'
import { reportRolloutFaults, reportStops } from './report-rollouts.ts'
import { rolloutFaultMatrix, rolloutFaults } from './rollout-faults.ts'
import { openRolloutWorld, type Story } from './rollout-world.ts'
import { stopMatrix, stopsAt, type Ending } from './stop-matrix.ts'
import { recordRolloutPlaces } from './stopped-rollout.ts'

type Recording = Readonly<Record<Story, readonly Place[]>>

/** One undisturbed rollout of each sort. */
async function record(): Promise<Recording> {
  const world = await openRolloutWorld(rolloutRate)
  try {
    return { serves: await recordRolloutPlaces(world, 'serves'), crashes: await recordRolloutPlaces(world, 'crashes') }
  } finally {
    await world.close()
  }
}

/** The matrices of a rollout and its rollback. @param isWanted of the row of a case. */
export function rolloutMatrices(isWanted: (row: string) => boolean): Readonly<Record<string, () => Promise<readonly Report[]>>> {
  let recording: Promise<Recording> | undefined
  const both = async <Case>(casesOf: (story: Story, places: readonly Place[]) => readonly Case[]): Promise<readonly Case[]> => {
    const { serves, crashes } = await (recording ??= record())
    return [...casesOf('serves', serves), ...casesOf('crashes', crashes)]
  }
  const stops = async (ending: Ending) => {
    // New pods that crash hold the pause until they are rolled back: no verification ends it.
    const cases = await both((story, places) => (ending === 'lost twice' && story === 'crashes' ? [] : stopsAt(story, places, ending)))
    return [
      reportStops(
        ending,
        await stopMatrix(
          ending,
          cases.filter(({ story, place, when }) => isWanted(`${story}, ${when} ${place.name}`)),
        ),
      ),
    ]
  }
  return {
    'rollout-crash': () => stops('killed'),
    'rollout-cancel': () => stops('cancelled'),
    'rollout-lost': async () => [...(await stops('lost')), ...(await stops('lost, then a failure')), ...(await stops('lost twice'))],
    'rollout-fault': async () => {
      const cases = await both(rolloutFaults)
      return [
        reportRolloutFaults(await rolloutFaultMatrix(cases.filter(({ story, fault, where }) => isWanted(`${story}, ${fault}, ${where}`)))),
      ]
    },
  }
}
