import { runState } from '@prebake/action-kit'
import type { BuildJournal } from '@prebake/snapshot'

/** State that `main` passes to `post`. */
export interface SavedBuild {
  /** Saved before any resource is tagged with it. */
  readonly runToken: string
  /** A later step may have exported another region. */
  readonly region: string
  /** What was started and not seen to end. */
  readonly journal: BuildJournal
  /** Whether the build finished. */
  readonly finished: boolean
}

/** The state of one step. Each part is saved before the event that it records. */
export function buildState() {
  const state = runState(['runToken', 'region', 'journal', 'finished'])
  return {
    begin: (runToken: string, region: string) => state.save({ runToken, region }),
    saveJournal: (journal: BuildJournal) => state.save({ journal: JSON.stringify(journal) }),
    finish: () => state.save({ finished: 'true' }),
    /** Undefined if `main` ended before it could have created anything. */
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
