import { readFileSync } from 'node:fs'

interface WebhookEvent {
  readonly pull_request?: { readonly number?: number }
  /** An issue_comment on a pull request has an issue that says it is one. */
  readonly issue?: { readonly number?: number; readonly pull_request?: unknown }
}

/** The number of the pull request that the workflow's event belongs to: by the event itself, else by the ref. Undefined where there is none. */
export function findPullRequest(env: NodeJS.ProcessEnv): number | undefined {
  const { pull_request: pullRequest, issue } = readEvent(env['GITHUB_EVENT_PATH'])
  if (pullRequest?.number !== undefined) return pullRequest.number
  if (issue?.pull_request) return issue.number
  const ref = /^refs\/pull\/(\d+)\/(?:merge|head)$/.exec(env['GITHUB_REF'] ?? '')
  return ref === null ? undefined : Number(ref[1])
}

/** An event that cannot be read costs the comment, not the measurement. */
function readEvent(file: string | undefined): WebhookEvent {
  if (!file) return {}
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as WebhookEvent | null) ?? {}
  } catch {
    return {}
  }
}
