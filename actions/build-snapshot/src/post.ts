import type { ActionContext } from '@prebake/action-kit'
import { cleanUp } from './clean-up.ts'
import { buildState } from './state.ts'

/** Terminates everything that the build has left running, also after a cancel or a kill, and names what it cannot terminate. Safe to repeat. */
export function post(context: ActionContext): Promise<void> {
  return cleanUp(buildState().read(), context)
}
