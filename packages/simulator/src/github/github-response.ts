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

/** An error as GitHub words it; the status stands in the body too, as text. */
export function githubError(status: number, message: string, documentation = 'https://docs.github.com/rest'): SimulatedResponse {
  return githubJson(status, { message, documentation_url: documentation, status: String(status) })
}
