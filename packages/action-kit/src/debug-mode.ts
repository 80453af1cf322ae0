import * as core from '@actions/core'

/** Whether debug logging is on. GitHub's runner turns ACTIONS_STEP_DEBUG into RUNNER_DEBUG; other places that run actions do not. */
export function isDebugMode(env: NodeJS.ProcessEnv): boolean {
  return core.isDebug() || env['ACTIONS_STEP_DEBUG'] === 'true'
}
