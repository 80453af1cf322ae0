import { githubCaller, type GitHubAccess } from './github-caller.ts'

export interface PullRequestsPlace extends GitHubAccess {
  readonly owner: string
  readonly repo: string
}

export interface PullRequestHead {
  readonly number: number
  readonly state: 'open' | 'closed'
  /** The newest commit of its branch, 40 hex digits. */
  readonly headSha: string
  /** `owner/name` of the repository that its branch is in; undefined once that has been deleted. */
  readonly headRepository: string | undefined
}

/** The pull requests of a repository (https://docs.github.com/rest/pulls). Calls throw ServiceError with GitHub's message, and CancelledError. */
export interface PullRequests {
  get(number: number, signal: AbortSignal): Promise<PullRequestHead>
  /** The open ones of a branch of this repository. */
  ofBranch(branch: string, signal: AbortSignal): Promise<readonly PullRequestHead[]>
  /** Whether a user may push to the repository. */
  mayWrite(login: string, signal: AbortSignal): Promise<boolean>
}

export function pullRequestsOf({ owner, repo, ...access }: PullRequestsPlace): PullRequests {
  const where = { owner, repo }
  const call = githubCaller(access, {
    permission: 'The token needs `pull-requests: read` under the job’s `permissions`.',
    missing: 'There is no such pull request, or the token cannot see it.',
  })
  return {
    get: (number, signal) =>
      call(`Read pull request #${number} of ${owner}/${repo}`, signal, async ({ rest }, request) =>
        headOf((await rest.pulls.get({ ...where, pull_number: number, request })).data),
      ),
    ofBranch: (branch, signal) =>
      call(`List the pull requests of ${branch} of ${owner}/${repo}`, signal, async ({ rest }, request) =>
        (await rest.pulls.list({ ...where, state: 'open', head: `${owner}:${branch}`, request })).data.map(headOf),
      ),
    mayWrite: (login, signal) =>
      call(`Look up what ${login} may do in ${owner}/${repo}`, signal, async ({ rest }, request) => {
        const { permission } = (await rest.repos.getCollaboratorPermissionLevel({ ...where, username: login, request })).data
        // "maintain" is answered as write, "triage" as read.
        return permission === 'admin' || permission === 'write'
      }),
  }
}

interface Answer {
  readonly number: number
  readonly state: string
  readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null }
}

function headOf({ number, state, head }: Answer): PullRequestHead {
  return { number, state: state === 'open' ? 'open' : 'closed', headSha: head.sha, headRepository: head.repo?.full_name }
}
