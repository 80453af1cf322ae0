import { PrebakeError } from '@prebake/kernel'
import type { ApprovalErrorCode } from './error-codes.ts'

/** What a workflow's event asks for. */
export type BenchmarkRequest =
  /** Someone commented `/benchmark`, perhaps with a commit. */
  | { readonly kind: 'comment'; readonly pullRequest: number; readonly author: string; readonly commit: string | undefined }
  /** The unprivileged workflow ended well, which the label starts. */
  | { readonly kind: 'label'; readonly branch: string; readonly headRepository: string; readonly commit: string }
  /** Someone who may write started the workflow. */
  | { readonly kind: 'dispatch'; readonly pullRequest: number }

interface Payload {
  readonly comment?: { readonly body: string; readonly user: { readonly login: string } }
  readonly issue?: { readonly number: number; readonly pull_request?: object }
  readonly workflow_run?: {
    readonly event: string
    readonly conclusion: string | null
    readonly head_branch: string
    readonly head_sha: string
    readonly head_repository: { readonly full_name: string }
  }
}

/**
 * The request of an event (https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows).
 * @throws PrebakeError if it is none
 */
export function readRequest(payload: object, given: number | undefined): BenchmarkRequest {
  const { comment, issue, workflow_run: run } = payload as Payload
  if (given !== undefined) return { kind: 'dispatch', pullRequest: given }
  if (comment !== undefined && issue?.pull_request !== undefined) {
    const found = /^\/benchmark(?:[ \t]+([0-9a-f]{7,40}))?\s*$/.exec(comment.body.split('\n')[0] ?? '')
    if (found !== null) return { kind: 'comment', pullRequest: issue.number, author: comment.user.login, commit: found[1] }
  }
  if (run?.event === 'pull_request' && run.conclusion === 'success')
    return { kind: 'label', branch: run.head_branch, headRepository: run.head_repository.full_name, commit: run.head_sha }
  const code = 'benchmark-request-unknown' satisfies ApprovalErrorCode
  const hint = 'Give `pull-request`, or run this on a comment `/benchmark` or after the workflow of the label.'
  throw new PrebakeError("Approve a benchmark: the workflow's event names no pull request.", { code, hint })
}
