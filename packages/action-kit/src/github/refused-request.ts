import { ServiceError } from '@prebake/kernel'

/** What to say about the refusals that depend on what was asked; whole sentences. */
export interface RefusalAdvice {
  /** Which permission is needed, and where it comes from. */
  readonly permission: string
  /** What a 404 can mean. */
  readonly missing: string
}

type Headers = Readonly<Record<string, string | number | undefined>>

/** What octokit throws, as far as it is read here: `RequestError`, or `GraphqlResponseError` for errors inside of a 200. */
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

/** GraphQL's types of errors, as the REST API would answer. */
const graphqlStatus: Readonly<Record<string, number>> = { FORBIDDEN: 403, INSUFFICIENT_SCOPES: 403, NOT_FOUND: 404, RATE_LIMITED: 429 }

/** The HTTP status of a refusal by GitHub itself; undefined where no answer came. */
export function refusedStatus(error: unknown): number | undefined {
  // Octokit gives a request without an answer the status 500.
  return error instanceof Error && 'response' in error && error.response ? (error as Refusal).status : undefined
}

/** GitHub's refusal as the kernel's error: its own words and request ID, and what to do about it. */
export function refusedRequest(operation: string, error: unknown, advice: RefusalAdvice): ServiceError {
  const refusal = error as Refusal
  const answer = refusal.errors ? graphqlAnswer(refusal) : restAnswer(refusal)
  if (!answer) {
    const details = { operation, code: 'no answer', message: refusal.message || String(refusal.cause) }
    return new ServiceError(details, {
      hint: 'Check that the runner reaches GitHub (proxy, firewall), then run the job again.',
      cause: error,
      transient: true,
    })
  }
  const { status, code = String(status), message, headers } = answer
  const requestId = headers['x-github-request-id']
  return new ServiceError(
    { operation, code, message, status, requestId: requestId === undefined ? undefined : String(requestId) },
    { hint: hintFor(status, headers, advice), cause: error, transient: status >= 500 || isRateLimit(status, headers) },
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
  // "Validation Failed" alone is of no help: the reasons come with it.
  const reasons = (data.errors ?? []).map((reason) => reason.message).filter((reason) => reason !== undefined)
  return { status, message: [data.message || message, ...reasons].join(': '), headers }
}

/** Of what is not JSON: the title of a page (GitHub has one for its faults, and so have proxies), else the first line. */
function messageOf(text: string): string {
  const words = /<title>([^<]+)/i.exec(text)?.[1] ?? text.trim().split(/[\r\n]/)[0] ?? ''
  return words.trim().slice(0, 300)
}

function graphqlAnswer({ errors = [], headers = {} }: Refusal): Answer {
  const type = errors[0]?.type
  const status = graphqlStatus[type ?? '']
  const message = errors.map((one) => one.message).join('; ')
  return status === undefined ? { status: 200, code: type ?? 'GraphQL', message, headers } : { status, message, headers }
}

/** It can be a 403 too, and no permission helps there. */
function isRateLimit(status: number, headers: Headers): boolean {
  return status === 429 || headers['retry-after'] !== undefined || Number(headers['x-ratelimit-remaining'] ?? 1) === 0
}

function hintFor(status: number, headers: Headers, { permission, missing }: RefusalAdvice): string {
  if (isRateLimit(status, headers)) return "GitHub's rate limit is reached: run the job again later."
  if (status === 401) return `The token is wrong or has expired. ${permission}`
  if (status === 403) return permission
  if (status === 404) return `${missing} ${permission}`
  if (status >= 500) return 'GitHub has a problem of its own (https://www.githubstatus.com): run the job again later.'
  return 'Fix what GitHub names, then run the job again.'
}
