import { runState, type RunState } from '@prebake/action-kit'
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

/** The names under which it is saved. */
export const buildStateNames = ['runToken', 'region', 'journal', 'finished'] as const

export type BuildState = ReturnType<typeof buildState>

/** The state of one step, or of one run at a terminal. Each part is saved before the event that it records. */
export function buildState(state: RunState<(typeof buildStateNames)[number]> = runState(buildStateNames)) {
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
