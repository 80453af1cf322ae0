import type { Service, SimulatedRequest, Simulation } from '../core/serve.ts'
import { commentStore, type SimulatedComment } from './comment-store.ts'
import { type Access, githubError, githubOutage, matchRoute, type Route } from './route.ts'
import { graphql, graphqlField } from './graphql.ts'
import { issueComments } from './issue-comments.ts'
import { pullRequests } from './pull-requests.ts'
import { repositoryContent } from './repository-content.ts'
import { type Files, type RepositoryStore, repositoryStore } from './repository-store.ts'
import { repositoryVariables } from './repository-variables.ts'

export interface GitHubOptions {
  /** The one repository there is: `owner/name`. */
  readonly repository: string
  readonly tokens: {
    /** Of a GitHub App that has "Variables: write" and nothing else. */
    readonly withVariables: string
    /** As GITHUB_TOKEN is: it cannot have that permission. It may comment. */
    readonly withoutVariables: string
    /** GITHUB_TOKEN of a pull request from a fork, or without `pull-requests: write`. */
    readonly readOnly?: string
    /** Of a GitHub App that has "Contents: write" and "Pull requests: write". */
    readonly withContents?: string
  }
  /** The numbers of its issues and pull requests (default: only 1). */
  readonly issues?: readonly number[]
  /** What lies on its default branch at first. */
  readonly files?: Files
  /** Permission by login: `admin`, `write`, `read`; everybody else may read. */
  readonly collaborators?: Readonly<Record<string, string>>
}

export interface SimulatedGitHub {
  readonly service: Service
  variables(): Readonly<Record<string, string>>
  /** All comments, the oldest first. */
  comments(): readonly SimulatedComment[]
  /** A comment of another author, whatever the permissions. */
  addComment(issue: number, author: string, body: string): SimulatedComment
  /** Branches, commits and pull requests. */
  readonly repository: RepositoryStore
}

/** GitHub's REST and GraphQL APIs, as much of them as is called. Formats and statuses: https://docs.github.com/rest. */
export function createGitHub(
  simulation: Pick<Simulation, 'clock'>,
  { repository, tokens, issues = [1], files = {}, collaborators = {} }: GitHubOptions,
): SimulatedGitHub {
  const now = () => simulation.clock.now()
  const variables = repositoryVariables(now)
  const store = repositoryStore(files, repository, Math.max(0, ...issues) + 1)
  const comments = commentStore((issue) => issues.includes(issue) || store.pullRequests().some(({ number }) => number === issue), now)
  const routes: readonly Route[] = [
    ...variables.routes,
    ...issueComments(comments, repository),
    ...repositoryContent(store, repository),
    ...pullRequests(store, { repository, collaborators }),
    graphql(comments),
  ]

  const accessOf = (request: SimulatedRequest): Access | undefined => {
    const token = /^(?:bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) return undefined
    if (token === tokens.withVariables) return { login: 'prebake-variables[bot]', variables: true, comments: false }
    if (token === tokens.withContents)
      return { login: 'prebake-variables[bot]', variables: false, comments: true, contents: true, pullRequests: true }
    if (token === tokens.withoutVariables) return { login: 'github-actions[bot]', variables: false, comments: true }
    return token === tokens.readOnly ? { login: 'github-actions[bot]', variables: false, comments: false } : undefined
  }

  const service: Service = {
    name: 'github',
    operation(request) {
      const { route } = matchRoute(routes, request) ?? {}
      const field = route?.path === '/graphql' && parseJson(request.body) ? graphqlField(request) : undefined
      return [request.method, route?.path ?? request.url.pathname, ...(field ? [field] : [])].join(' ')
    },
    // The token is in a header, which the journal does not keep.
    parameters: ({ body }) => (body.length > 0 ? parseJson(body) : undefined),
    handle(request) {
      const access = accessOf(request)
      if (!access) return githubError(401, 'Bad credentials')
      const { route, parameters = {} } = matchRoute(routes, request) ?? {}
      const elsewhere = 'owner' in parameters && `${parameters['owner']}/${parameters['repo']}`.toLowerCase() !== repository.toLowerCase()
      if (!route || elsewhere) return githubError(404, 'Not Found', route?.documentation)
      if (request.body.length > 0 && !parseJson(request.body)) return githubError(400, 'Problems parsing JSON', route.documentation)
      return route.handle(request, parameters, access)
    },
    error: (status, _code, message) => (status > 500 ? githubOutage(status, message) : githubError(status, message)),
  }
  return {
    service,
    variables: () => variables.all(),
    comments: () => comments.all(),
    addComment: (issue, author, body) => comments.add(issue, author, body),
    repository: store,
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
