import type { SimulatedResponse } from '../core/serve.ts'
import { listPage } from './issue-comments.ts'
import type { RepositoryStore, SimulatedPullRequest } from './repository-store.ts'
import { githubError, githubJson, type Route } from './route.ts'

const collection = '/repos/{owner}/{repo}/pulls'
const documentation = (anchor: string) => `https://docs.github.com/rest/pulls/pulls#${anchor}`

export interface PullRequestOptions {
  readonly repository: string
  /** Permission by login: `admin`, `write`, `read`; everybody else may read, since the repository is public. */
  readonly collaborators: Readonly<Record<string, string>>
}

/** Pull requests, and what a user may do in the repository: https://docs.github.com/rest/pulls, https://docs.github.com/rest/collaborators. */
export function pullRequests(store: RepositoryStore, { repository, collaborators }: PullRequestOptions): readonly Route[] {
  const [owner = ''] = repository.split('/')
  const find = (number: string | undefined) => store.pullRequests().find((pull) => pull.number === Number(number))
  const present = (pull: SimulatedPullRequest) => ({
    number: pull.number,
    state: pull.state,
    title: pull.title,
    body: pull.body,
    html_url: `https://github.com/${repository}/pull/${pull.number}`,
    head: {
      ref: pull.head,
      sha: pull.headSha,
      repo: pull.headRepository === undefined ? null : { full_name: pull.headRepository },
    },
    base: { ref: pull.base, sha: store.branch(pull.base), repo: { full_name: repository } },
  })
  /** https://docs.github.com/rest/pulls/pulls#create-a-pull-request--status-codes */
  const invalid = (message: string, anchor: string): SimulatedResponse =>
    githubJson(422, {
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', code: 'custom', message }],
      documentation_url: documentation(anchor),
      status: '422',
    })

  return [
    {
      method: 'GET',
      path: collection,
      documentation: documentation('list-pull-requests'),
      handle({ url }) {
        const wanted = {
          state: url.searchParams.get('state') ?? 'open',
          head: url.searchParams.get('head'),
          base: url.searchParams.get('base'),
        }
        const label = (pull: SimulatedPullRequest) => `${(pull.headRepository ?? owner).split('/')[0]}:${pull.head}`
        const found = store
          .pullRequests()
          .filter((pull) => wanted.state === 'all' || pull.state === wanted.state)
          .filter((pull) => (wanted.head ?? label(pull)) === label(pull) && (wanted.base ?? pull.base) === pull.base)
        const { items, headers } = listPage(found, url)
        return githubJson(200, items.map(present), headers)
      },
    },
    {
      method: 'GET',
      path: `${collection}/{number}`,
      documentation: documentation('get-a-pull-request'),
      handle(_request, { number }) {
        const found = find(number)
        return found ? githubJson(200, present(found)) : githubError(404, 'Not Found', documentation('get-a-pull-request'))
      },
    },
    {
      method: 'POST',
      path: collection,
      documentation: documentation('create-a-pull-request'),
      handle({ body }, _parameters, access) {
        const anchor = 'create-a-pull-request'
        if (access.pullRequests !== true) return githubError(403, 'Resource not accessible by integration', documentation(anchor))
        const { title = '', body: text = '', head = '', base = '' } = JSON.parse(body.toString('utf8')) as Record<string, string>
        const [sha, target] = [store.branch(head), store.branch(base)]
        if (target === undefined) return invalid('base is invalid', anchor)
        if (sha === undefined) return invalid('head is invalid', anchor)
        if (sha === target) return invalid(`No commits between ${base} and ${head}`, anchor)
        if (store.pullRequests().some((pull) => pull.state === 'open' && pull.head === head && pull.base === base))
          return invalid(`A pull request already exists for ${owner}:${head}.`, anchor)
        return githubJson(201, present(store.addPullRequest({ title, body: text, head, base, headRepository: repository })))
      },
    },
    {
      method: 'PATCH',
      path: `${collection}/{number}`,
      documentation: documentation('update-a-pull-request'),
      handle({ body }, { number }, access) {
        const found = find(number)
        if (access.pullRequests !== true)
          return githubError(403, 'Resource not accessible by integration', documentation('update-a-pull-request'))
        if (found === undefined) return githubError(404, 'Not Found', documentation('update-a-pull-request'))
        store.changePullRequest(found.number, JSON.parse(body.toString('utf8')) as Partial<SimulatedPullRequest>)
        return githubJson(200, present(find(number) ?? found))
      },
    },
    {
      method: 'GET',
      path: '/repos/{owner}/{repo}/collaborators/{username}/permission',
      documentation: 'https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user',
      handle: (_request, { username = '' }) =>
        githubJson(200, {
          permission: collaborators[username] ?? 'read',
          user: { login: username },
          role_name: collaborators[username] ?? 'read',
        }),
    },
  ]
}
