import type { PullRequestHead, PullRequests } from '@prebake/action-kit'
import { documentLink, PrebakeError } from '@prebake/kernel'
import type { ApprovalErrorCode } from './error-codes.ts'
import type { BenchmarkRequest } from './read-request.ts'

export interface Approval {
  readonly number: number
  readonly headSha: string
  readonly headRepository: string
}

/**
 * The commit that a request approves. Whoever can push to this repository is trusted with a label and with "the newest commit"; of a fork, only a commit
 * that the request names is approved, because its author can push between the request and this look.
 * @throws PrebakeError for a request that approves nothing
 */
export async function approve(request: BenchmarkRequest, repository: string, pulls: PullRequests, signal: AbortSignal): Promise<Approval> {
  if (request.kind === 'comment' && !(await pulls.mayWrite(request.author, signal)))
    throw refused(
      'benchmark-not-allowed',
      `${request.author} may not write to ${repository}.`,
      'Ask someone who may to comment `/benchmark`.',
    )
  const pull = await find(request, repository, pulls, signal)
  const isFork = pull.headRepository !== repository
  const named = request.kind === 'dispatch' ? undefined : request.commit
  if (isFork && named?.length !== 40)
    throw refused(
      'benchmark-commit-unnamed',
      `#${pull.number} comes from a fork, and the request does not name its commit.`,
      `Look at ${pull.headSha}, then comment \`/benchmark ${pull.headSha}\` or give it as \`head-sha\` (${documentLink('docs/workflows.md#benchmark')}).`,
    )
  if (named !== undefined && !pull.headSha.startsWith(named)) throw changed(pull, named)
  return openHead(pull)
}

/** @throws PrebakeError if the pull request has another commit than the approved one by now */
export async function compare(number: number, approved: string, pulls: PullRequests, signal: AbortSignal): Promise<Approval> {
  const pull = await pulls.get(number, signal)
  if (pull.headSha !== approved) throw changed(pull, approved)
  return openHead(pull)
}

async function find(request: BenchmarkRequest, repository: string, pulls: PullRequests, signal: AbortSignal): Promise<PullRequestHead> {
  if (request.kind !== 'label') return pulls.get(request.pullRequest, signal)
  // A fork decides what its workflow does, so that its end proves no label.
  if (request.headRepository !== repository)
    throw refused(
      'benchmark-commit-unnamed',
      `The label is on a pull request of the fork ${request.headRepository}.`,
      `Look at its commit, then comment \`/benchmark ${request.commit}\` (${documentLink('docs/workflows.md#benchmark')}).`,
    )
  const [pull] = await pulls.ofBranch(request.branch, signal)
  if (pull === undefined)
    throw refused(
      'pull-request-closed',
      `The branch ${request.branch} has no open pull request.`,
      'Open it again, then set the label again.',
    )
  return pull
}

function openHead({ number, state, headSha, headRepository }: PullRequestHead): Approval {
  if (state === 'open' && headRepository !== undefined) return { number, headSha, headRepository }
  throw refused(
    'pull-request-closed',
    `#${number} is ${state === 'open' ? 'of a fork that was deleted' : 'closed'}.`,
    'Open it again, then ask again.',
  )
}

function changed({ number, headSha }: PullRequestHead, approved: string): PrebakeError {
  const remedy = 'Look at the new commit, then approve it with the label or a comment.'
  return refused('pull-request-changed', `#${number} is at ${headSha} now, and ${approved} was approved.`, remedy)
}

function refused(code: ApprovalErrorCode, wrong: string, hint: string): PrebakeError {
  return new PrebakeError(`Approve a benchmark: ${wrong}`, { code, hint })
}
