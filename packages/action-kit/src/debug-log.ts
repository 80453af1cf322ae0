import * as core from '@actions/core'
import { onRequest, type Reporter } from '@prebake/kernel'

/** Whether debug logging is on. GitHub's runner turns ACTIONS_STEP_DEBUG into RUNNER_DEBUG; other runners of actions do not. */
export function isDebugMode(env: NodeJS.ProcessEnv): boolean {
  return core.isDebug() || env['ACTIONS_STEP_DEBUG'] === 'true'
}

/** Writes each request of each adapter to the debug log: `POST ec2.us-west-2.amazonaws.com DescribeSnapshots: 200 in 41 ms`. */
export function debugRequests({ debug }: Pick<Reporter, 'debug'>): void {
  onRequest(({ method, host, operation, status, ms }) => debug(`${method} ${host} ${operation}: ${status ?? 'no response'} in ${ms} ms`))
}
