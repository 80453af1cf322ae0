/** What GitHub's context `job` says of the workflow that a job is in. */
export interface WorkflowOrigin {
  /** `owner/name`. */
  readonly repository: string
  /** Branch, tag or commit. */
  readonly ref: string
}

/**
 * A workflow as act 0.2.89 can read it. It knows neither the context's `job.workflow_repository` and `job.workflow_sha`, nor `concurrency.queue`, nor
 * `environment.deployment`; nothing else is changed. The last two do nothing within one run.
 */
export function forAct(workflow: string, { repository, ref }: WorkflowOrigin): string {
  return workflow
    .replaceAll('${{ job.workflow_repository }}', repository)
    .replaceAll('${{ job.workflow_sha }}', ref)
    .replaceAll(/^ +queue: max.*\n/gm, '')
    .replaceAll(/^ +deployment: false.*\n/gm, '')
}
