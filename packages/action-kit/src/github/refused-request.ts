import { ServiceError } from '@prebake/kernel'
import type { ActionErrorCode } from '../error-codes.ts'

/** Advice for refusals that depend on the request; complete sentences. */
export interface RefusalAdvice {
  /** Which permission is needed, and how to get it. */
  readonly permission: string
  /** The meaning of a 404. */
  readonly missing: string
}

type Headers = Readonly<Record<string, string | number | undefined>>

/** The parts of octokit's errors that are used: `RequestError`, or `GraphqlResponseError` for errors inside a 200. */
interface Refusal {
  readonly status?: number
  readonly message: string
  readonly cause?: unknown
  readonly response?: { readonly headers: Headers; readonly data?: RefusalBody | string }
  readonly errors?: readonly { readonly type?: string; readonly message: string }[]
  readonly headers?: Headers
}

interface RefusalBody {
  readonly message?: string
  readonly errors?: readonly { readonly message?: string }[]
}

/** GraphQL's error types as statuses of the REST API. */
const graphqlStatus: Readonly<Record<string, number>> = { FORBIDDEN: 403, INSUFFICIENT_SCOPES: 403, NOT_FOUND: 404, RATE_LIMITED: 429 }

/** The HTTP status of GitHub's own refusal; undefined without a response. */
export function refusedStatus(error: unknown): number | undefined {
  // Octokit sets the status 500 for a request without a response.
  return error instanceof Error && 'response' in error && error.response ? (error as Refusal).status : undefined
}

/** GitHub's refusal as the kernel's error, with its own message and request ID, and with what to do. */
export function refusedRequest(operation: string, error: unknown, advice: RefusalAdvice): ServiceError {
  const refusal = error as Refusal
  const answer = refusal.errors ? graphqlAnswer(refusal) : restAnswer(refusal)
  if (!answer) {
    const details = { operation, code: 'no response', message: refusal.message || String(refusal.cause) }
    return new ServiceError(details, {
      code: 'github-not-reached' satisfies ActionErrorCode,
      hint: 'Check that the runner can reach GitHub (proxy, firewall), then re-run the job.',
      cause: error,
      transient: true,
    })
  }
  const { status, code = String(status), message, headers } = answer
  const requestId = headers['x-github-request-id']
  return new ServiceError(
    { operation, code, message, status, requestId: requestId === undefined ? undefined : String(requestId) },
    {
      code: codeFor(status, headers),
      hint: hintFor(status, headers, advice),
      cause: error,
      transient: status >= 500 || isRateLimit(status, headers),
    },
  )
}

interface Answer {
  readonly status: number
  readonly code?: string | undefined
  readonly message: string
  readonly headers: Headers
}

function restAnswer({ status, message, response }: Refusal): Answer | undefined {
  if (!response || status === undefined) return undefined
  const { data, headers } = response
  if (typeof data !== 'object') return { status, message: messageOf(data ?? '') || message, headers }
  // "Validation Failed" alone does not help; the reasons come with it.
  const reasons = (data.errors ?? []).map((reason) => reason.message).filter((reason) => reason !== undefined)
  return { status, message: [data.message || message, ...reasons].join(': '), headers }
}

/** For a response that is not JSON: the title of the page (of GitHub's or a proxy's error page), or the first line. */
function messageOf(text: string): string {
  const message = /<title>([^<]+)/i.exec(text)?.[1] ?? text.trim().split(/[\r\n]/)[0] ?? ''
  return message.trim().slice(0, 300)
}

function graphqlAnswer({ errors = [], headers = {} }: Refusal): Answer {
  const type = errors[0]?.type
  const status = graphqlStatus[type ?? '']
  const message = errors.map((one) => one.message).join('; ')
  return status === undefined ? { status: 200, code: type ?? 'GraphQL', message, headers } : { status, message, headers }
}

/** It can also be a 403; a permission does not help then. */
function isRateLimit(status: number, headers: Headers): boolean {
  return status === 429 || headers['retry-after'] !== undefined || Number(headers['x-ratelimit-remaining'] ?? 1) === 0
}

function codeFor(status: number, headers: Headers): ActionErrorCode {
  if (isRateLimit(status, headers)) return 'github-rate-limited'
  if (status === 401) return 'github-token-refused'
  if (status === 403) return 'github-permission-missing'
  if (status === 404) return 'github-not-found'
  return status >= 500 ? 'github-unavailable' : 'github-request-failed'
}

function hintFor(status: number, headers: Headers, { permission, missing }: RefusalAdvice): string {
  if (isRateLimit(status, headers)) return "GitHub's rate limit is reached. Re-run the job later."
  if (status === 401) return `The token is wrong or has expired. ${permission}`
  if (status === 403) return permission
  if (status === 404) return `${missing} ${permission}`
  if (status >= 500) return 'GitHub is failing (https://www.githubstatus.com). Re-run the job later.'
  return 'Fix the problem that GitHub reports, then re-run the job.'
}
