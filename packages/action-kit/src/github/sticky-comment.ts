import { fitComment } from './fit-comment.ts'
import { githubCaller, type GitHubAccess, type GitHubCall } from './github-caller.ts'

export interface StickyCommentPlace extends GitHubAccess {
  readonly owner: string
  readonly repo: string
  /** The number of an issue or a pull request. */
  readonly issue: number
  /** Distinguishes this comment from the author's others: `acme/models/scale-benchmark`. One line, without `-->`. */
  readonly marker: string
  /** Needs `pull-requests: write`. Its owner is the comment's author. */
  readonly token: string
  /** The workflow run's page: a shortened comment links to it. */
  readonly runUrl?: string | undefined
}

export interface StickyComment {
  /** Writes the comment's text, markdown without the marker. Throws ServiceError with GitHub's message, and CancelledError. */
  upsert(body: string, signal: AbortSignal): Promise<{ readonly url: string; readonly action: 'created' | 'updated' | 'unchanged' }>
}

/**
 * The one comment that an action keeps on an issue or a pull request (https://docs.github.com/rest/issues/comments), found
 * by a hidden marker in its first line *and* its author, because anyone can write the marker into a comment.
 * If two runs created one each at the same time, the oldest is kept and the others are hidden as outdated.
 */
export function stickyComment({ owner, repo, issue, marker, runUrl, ...access }: StickyCommentPlace): StickyComment {
  if (/-->|[\r\n]/.test(marker)) throw new RangeError(`A marker is one line without "-->": ${JSON.stringify(marker)}`)
  const place = `#${issue} of ${owner}/${repo}`
  const firstLine = `<!-- ${marker} -->`
  const where = { owner, repo }
  const call = githubCaller(access, {
    permission:
      'The token needs `pull-requests: write` under the job’s `permissions`. A pull request from a fork gets a token ' +
      'that can only read, whatever the job requests; the report is then in the job summary.',
    missing: `There is no issue or pull request ${place}, or the token cannot see it.`,
  })

  return {
    async upsert(body, signal) {
      const text = fitComment(`${firstLine}\n${body.trimEnd()}`, runUrl)
      const author = await ownLogin(call, signal)
      const [kept, ...surplus] = (await allComments()).filter(
        (comment) => comment.body?.startsWith(firstLine) && isAuthor(comment.user?.login, author),
      )
      const written = kept ? await update(kept) : await create()
      for (const { node_id } of surplus) await hide(node_id)
      return written

      async function allComments() {
        const comments = []
        for (let page = 1; ; page++) {
          // octokit.paginate would drop the signal.
          const { data, headers } = await call(`List the comments on ${place}`, signal, ({ rest }, request) =>
            rest.issues.listComments({ ...where, issue_number: issue, per_page: 100, page, request }),
          )
          comments.push(...data)
          if (!headers.link?.includes('rel="next"')) return comments
        }
      }

      async function create() {
        const { data } = await call(`Comment on ${place}`, signal, ({ rest }, request) =>
          // Not retried: after a lost response that would create a second comment.
          rest.issues.createComment({ ...where, issue_number: issue, body: text, request: { ...request, retries: 0 } }),
        )
        return { url: data.html_url, action: 'created' } as const
      }

      async function update({ id, html_url, body: old = '' }: { id: number; html_url: string; body?: string | undefined }) {
        if (sameText(old, text)) return { url: html_url, action: 'unchanged' } as const
        await call(`Update the comment on ${place}`, signal, ({ rest }, request) =>
          rest.issues.updateComment({ ...where, comment_id: id, body: text, request }),
        )
        return { url: html_url, action: 'updated' } as const
      }

      function hide(id: string) {
        const mutation =
          'mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } } }'
        return call(`Hide a second comment on ${place}`, signal, ({ graphql }, request) => graphql(mutation, { id, request }))
      }
    },
  }
}

/** REST's `/user` refuses GITHUB_TOKEN; GraphQL accepts it. */
function ownLogin(call: GitHubCall, signal: AbortSignal): Promise<string> {
  return call('Get the login of the token', signal, async ({ graphql }, request) => {
    const { viewer } = await graphql<{ viewer: { login: string } }>('query { viewer { login } }', { request })
    return viewer.login
  })
}

/** GraphQL may omit the suffix that REST adds to an app's login. The reverse would be an app and a person. */
function isAuthor(login: string | undefined, viewer: string): boolean {
  return login === viewer || login === `${viewer}[bot]`
}

function sameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n').trimEnd() === b.replaceAll('\r\n', '\n').trimEnd()
}
