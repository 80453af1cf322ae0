import { addAbortListener } from 'node:events'
import type { getOctokit } from '@actions/github'
import { CancelledError, PrebakeError, timedRequest } from '@prebake/kernel'
import { refusedRequest, refusedStatus, type RefusalAdvice } from './refused-request.ts'

export interface GitHubAccess {
  readonly token: string
  /** `https://api.github.com`, or as GITHUB_API_URL has it. */
  readonly apiUrl: string
  /** The pause before the second try, in milliseconds; the third and fourth wait 4 and 9 times as long. Left out: a second. */
  readonly retryPauseMs?: number
}

type Client = Awaited<ReturnType<typeof client>>

/** Parameters that belong to every request of a call. `retries: 0` beside them is for a request that must not be sent twice. */
export interface GitHubRequest {
  readonly signal: AbortSignal
}

/** Does `work` with a client. */
export type GitHubCall = <T>(
  operation: string,
  signal: AbortSignal,
  work: (client: Client, request: GitHubRequest) => Promise<T>,
) => Promise<T>

/** Per try; undici's own limit, five minutes for the first byte, is too long for answers of some kilobytes. */
const limitMs = 20_000

/**
 * How GitHub's API is called: after a fault of GitHub or a broken connection a request is sent again, up to three times; each try has a limit of 20 s.
 * Calls throw ServiceError with GitHub's words, and CancelledError as soon as the signal aborts.
 */
export function githubCaller(access: GitHubAccess, advice: RefusalAdvice): GitHubCall {
  return async (operation, signal, work) => {
    if (signal.aborted) throw new CancelledError()
    // The pauses between tries do not listen to a signal.
    const { promise: cancelled, reject } = Promise.withResolvers<never>()
    using _listener = addAbortListener(signal, () => reject(new CancelledError()))
    try {
      return await Promise.race([client(access).then((octokit) => work(octokit, { signal })), cancelled])
    } catch (error) {
      if (error instanceof PrebakeError) throw error
      throw refusedRequest(operation, error, advice)
    }
  }
}

/** Refusals that another try does not change, and rate limits, which outlast the pauses. */
const doNotRetry = [400, 401, 403, 404, 409, 410, 422, 429, 451]

async function client({ token, apiUrl, retryPauseMs }: GitHubAccess) {
  // Most runs never get here.
  const [{ getOctokit }, { retry }] = await Promise.all([import('@actions/github'), import('@octokit/plugin-retry')])
  const options = {
    baseUrl: apiUrl,
    userAgent: 'prebake',
    retry: { doNotRetry, ...(retryPauseMs !== undefined && { retryAfterBaseValue: retryPauseMs }) },
  }
  // The plugin that comes first is the innermost.
  return getOctokit(token, options, eachTry, retry)
}

/** An octokit plugin: limits each try, ends it with the caller's signal, and reports it to the debug log. */
const eachTry: NonNullable<Parameters<typeof getOctokit>[2]> = (octokit) => {
  octokit.hook.wrap('request', async (request, options) => {
    const signal = options.request['signal'] as AbortSignal
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
    const { host } = new URL(options.baseUrl)
    const send = async () => request({ ...options, request: { ...options.request, signal: limit } })
    try {
      return await timedRequest({ method: options.method, host, operation: options.url }, send, ({ status }) => status, refusedStatus)
    } catch (error) {
      // Another try would be made of any other error.
      if (signal.aborted) throw new CancelledError()
      throw error
    }
  })
  return {}
}
