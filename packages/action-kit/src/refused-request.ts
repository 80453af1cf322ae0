import { ServiceError } from '@prebake/kernel'

/** What octokit throws (`RequestError`), as far as it is read here. */
interface Refusal {
  readonly status?: number
  readonly message: string
  readonly cause?: unknown
  readonly response?: {
    readonly headers: Readonly<Record<string, string | number | undefined>>
    readonly data?: { readonly message?: string } | string
  }
}

/** The HTTP status of a refusal by GitHub itself; undefined where no answer came. */
export function refusedStatus(error: unknown): number | undefined {
  // Octokit gives a request without an answer the status 500.
  return error instanceof Error && 'response' in error && error.response ? (error as Refusal).status : undefined
}

/** GitHub's refusal as the kernel's error: its own words and request ID, and what to do about a permission. */
export function refusedRequest(operation: string, error: unknown, permissionHint: string): ServiceError {
  const { message, cause, response } = error as Refusal
  const status = refusedStatus(error)
  if (!response || status === undefined) {
    const details = { operation, code: 'no answer', message: message || String(cause) }
    return new ServiceError(details, { hint: "Look at the runner's way to GitHub (proxy, firewall), and run the job again.", cause: error })
  }
  const own = typeof response.data === 'object' ? response.data.message : response.data
  const requestId = response.headers['x-github-request-id']
  return new ServiceError(
    {
      operation,
      code: String(status),
      message: own || message,
      status,
      requestId: requestId === undefined ? undefined : String(requestId),
    },
    { hint: hintFor(status, response.headers, permissionHint), cause: error },
  )
}

function hintFor(status: number, headers: NonNullable<Refusal['response']>['headers'], permissionHint: string): string {
  // A rate limit is told with 403 as well, and no permission helps there.
  if (status === 429 || headers['retry-after'] !== undefined || Number(headers['x-ratelimit-remaining'] ?? 1) === 0) {
    return "GitHub's rate limit is reached: run the job again later."
  }
  if (status === 401) return `The token is wrong or has expired. ${permissionHint}`
  if (status === 403) return permissionHint
  if (status === 404) return `The repository does not exist, or the token cannot see it. ${permissionHint}`
  if (status >= 500) return 'GitHub has a fault of its own (https://www.githubstatus.com): run the job again.'
  return 'Mend what GitHub names, and run the job again.'
}
