import type { context } from '@actions/github'

/** What an action needs to know of the workflow that runs it. */
export interface WorkflowContext {
  /** Undefined outside a workflow. */
  readonly repository: { readonly owner: string; readonly repo: string } | undefined
  /** The address of GitHub's REST API. */
  readonly apiUrl: string
  /** The pull request that the workflow's event belongs to: from the event itself, from the run that it follows, or from the ref. */
  readonly pullRequest: number | undefined
  /** The page of the workflow run, with its job summaries. */
  readonly runUrl: string | undefined
  /** Of the run and its attempt: `42-1`. */
  readonly runKey: string | undefined
  /** Whether the event itself is of the default branch. A comment on a pull request, for one, runs there too, and is not. */
  readonly onDefaultBranch: boolean
  /** The commit that the workflow runs on. */
  readonly sha: string | undefined
}

/** Events whose ref is what is measured. */
const ofItsOwnRef: readonly string[] = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch', 'release']

type Context = Pick<typeof context, 'payload' | 'eventName' | 'sha' | 'ref' | 'apiUrl' | 'serverUrl' | 'runId' | 'runAttempt' | 'repo'>

/** The context of this step, as `@actions/github` reads it. */
export async function workflowContext(): Promise<WorkflowContext> {
  return describeContext((await import('@actions/github')).context)
}

/** The event that started the workflow, as GitHub describes it (https://docs.github.com/webhooks/webhook-events-and-payloads). */
export async function eventPayload(): Promise<object> {
  return (await import('@actions/github')).context.payload
}

export function describeContext(given: Context): WorkflowContext {
  const repository = repositoryOf(given)
  const attempt = given.runAttempt ? `/attempts/${given.runAttempt}` : ''
  const runUrl =
    repository && given.runId
      ? `${given.serverUrl}/${repository.owner}/${repository.repo}/actions/runs/${given.runId}${attempt}`
      : undefined
  const defaultBranch = given.payload?.repository?.['default_branch'] as string | undefined
  return {
    repository,
    apiUrl: given.apiUrl || 'https://api.github.com',
    pullRequest: pullRequestOf(given),
    runUrl,
    runKey: given.runId ? `${given.runId}-${given.runAttempt || 1}` : undefined,
    onDefaultBranch: defaultBranch !== undefined && given.ref === `refs/heads/${defaultBranch}` && ofItsOwnRef.includes(given.eventName),
    sha: given.sha || undefined,
  }
}

function repositoryOf(given: Context): WorkflowContext['repository'] {
  try {
    const { owner, repo } = given.repo
    return owner && repo ? { owner, repo } : undefined
  } catch {
    // Thrown if there is none.
    return undefined
  }
}

function pullRequestOf({ payload, ref }: Context): number | undefined {
  const { pull_request: pullRequest, issue } = payload ?? {}
  if (pullRequest) return pullRequest.number
  // The issue of an issue_comment says whether it is a pull request.
  if (issue?.['pull_request']) return issue.number
  // A run after another workflow belongs to that one's pull request. GitHub lists none for a fork's.
  const [ofRun, ...others] = (payload?.['workflow_run']?.pull_requests ?? []) as readonly { readonly number: number }[]
  if (ofRun !== undefined && others.length === 0) return ofRun.number
  const number = /^refs\/pull\/(\d+)\/(?:merge|head)$/.exec(ref ?? '')?.[1]
  return number === undefined ? undefined : Number(number)
}
