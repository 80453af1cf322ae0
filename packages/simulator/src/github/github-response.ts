import { randomUUID } from 'node:crypto'
import type { SimulatedResponse } from '../core/serve.ts'

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
