import { runState } from '@prebake/action-kit'
import type { BuildJournal } from '@prebake/snapshot'

/** What `main` leaves to `post`. */
export interface SavedBuild {
  /** Saved before anything carries it as a tag. */
  readonly runToken: string
  /** Another step may have exported another region meanwhile. */
  readonly region: string
  /** What was begun, and has not been seen to end. */
  readonly journal: BuildJournal
  /** Whether the build came to its end. */
  readonly finished: boolean
}

/** The state of one step, each part saved before what it tells of happens. */
export function buildState() {
  const state = runState(['runToken', 'region', 'journal', 'finished'])
  return {
    begin: (runToken: string, region: string) => state.save({ runToken, region }),
    saveJournal: (journal: BuildJournal) => state.save({ journal: JSON.stringify(journal) }),
    finish: () => state.save({ finished: 'true' }),
    /** Undefined where `main` has not come so far that it could have begun anything. */
    read(): SavedBuild | undefined {
      const { runToken, region, journal, finished } = state.read()
      if (runToken === undefined || region === undefined) return undefined
      return {
        runToken,
        region,
        journal: journal === undefined ? { builders: [] } : (JSON.parse(journal) as BuildJournal),
        finished: finished === 'true',
      }
    },
  }
}
