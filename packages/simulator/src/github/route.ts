import { randomUUID } from 'node:crypto'
import type { SimulatedRequest, SimulatedResponse } from '../core/serve.ts'

/** Who a request comes from and what it may do, by its token. */
export interface Access {
  /** As the API gives it: with `[bot]` for an app. */
  readonly login: string
  /** "Variables: write". */
  readonly variables: boolean
  /** "Pull requests: write"; the repository is public, so that everybody may read comments. */
  readonly comments: boolean
  /** "Contents: write". */
  readonly contents?: boolean
  /** "Pull requests: write", to open them: a token that comments has it too. */
  readonly pullRequests?: boolean
}

/** One route of the API. */
export interface Route {
  readonly method: string
  /** With the parameters in braces: `/repos/{owner}/{repo}/actions/variables/{name}`. Method and path are the operation's name. */
  readonly path: string
  /** Where GitHub says more about it; its errors carry the address. */
  readonly documentation: string
  handle(request: SimulatedRequest, parameters: Readonly<Record<string, string>>, access: Access): SimulatedResponse
}

/** The route that a request takes, and its parameters; undefined where there is none. */
export function matchRoute(
  routes: readonly Route[],
  { method, url }: SimulatedRequest,
): { route: Route; parameters: Readonly<Record<string, string>> } | undefined {
  const given = url.pathname.split('/')
  for (const route of routes) {
    const shape = route.path.split('/')
    if (route.method !== method || shape.length !== given.length) continue
    const parameters: Record<string, string> = {}
    const fits = shape.every((part, index) => {
      const segment = given[index] ?? ''
      if (!part.startsWith('{')) return part === segment
      parameters[part.slice(1, -1)] = decodeURIComponent(segment)
      return segment !== ''
    })
    if (fits) return { route, parameters }
  }
  return undefined
}

/** An answer with the headers that clients read, and others of its own. */
export function githubJson(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): SimulatedResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': randomUUID().slice(0, 13).toUpperCase(),
      'x-ratelimit-remaining': '4999',
      ...headers,
    },
    ...(status !== 204 && { body: JSON.stringify(body) }),
  }
}

/**
 * What stands in front of the API answers when the API does not: 502 and 504 with nothing but a message (recorded in octokit/request.js#589), 503 with a
 * page (octokit/graphql.js#554).
 */
export function githubOutage(status: number, message: string): SimulatedResponse {
  if (status !== 503) return githubJson(status, { message })
  const page = `<!DOCTYPE html>\n<html>\n  <head>\n    <title>Unicorn! &middot; GitHub</title>\n  </head>\n  <body>${message}</body>\n</html>\n`
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page }
}

/** An error as GitHub words it; the status stands in the body too, as text. */
export function githubError(status: number, message: string, documentation = 'https://docs.github.com/rest'): SimulatedResponse {
  return githubJson(status, { message, documentation_url: documentation, status: String(status) })
}
