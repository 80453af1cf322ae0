import * as core from '@actions/core'

/** Whether somebody asked for a debug log: the runner turns ACTIONS_STEP_DEBUG into RUNNER_DEBUG, other places that run actions do not. */
export function isDebugMode(env: NodeJS.ProcessEnv): boolean {
  return core.isDebug() || env['ACTIONS_STEP_DEBUG'] === 'true'
}
