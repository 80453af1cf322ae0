import { addAbortListener } from 'node:events'
import type { getOctokit } from '@actions/github'
import { CancelledError, PrebakeError, timedRequest } from '@prebake/kernel'
import { refusedRequest, refusedStatus, type RefusalAdvice } from './refused-request.ts'

export interface GitHubAccess {
  readonly token: string
  /** `https://api.github.com`, or GITHUB_API_URL. */
  readonly apiUrl: string
  /** The pause before the first retry, in milliseconds; the second and third wait 4 and 9 times as long. Default: one second. */
  readonly retryPauseMs?: number
}

type Client = Awaited<ReturnType<typeof client>>

/** Parameters of every request of a call. Add `retries: 0` for a request that must not be sent twice. */
export interface GitHubRequest {
  readonly signal: AbortSignal
}

/** Runs `work` with a client. */
export type GitHubCall = <T>(
  operation: string,
  signal: AbortSignal,
  work: (client: Client, request: GitHubRequest) => Promise<T>,
) => Promise<T>

/** Per attempt. undici's own limit of five minutes for the first byte is too long for responses of a few kilobytes. */
const limitMs = 20_000

/**
 * Calls GitHub's API. After a fault of GitHub or a broken connection a request is retried up to three times; each attempt has a limit of 20 s.
 * Calls throw ServiceError with GitHub's message, and CancelledError as soon as the signal aborts.
 */
export function githubCaller(access: GitHubAccess, advice: RefusalAdvice): GitHubCall {
  return async (operation, signal, work) => {
    if (signal.aborted) throw new CancelledError()
    // The plugin's pauses ignore the signal.
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

/** Permanent refusals, and rate limits, which outlast the pauses. */
const doNotRetry = [400, 401, 403, 404, 409, 410, 422, 429, 451]

async function client({ token, apiUrl, retryPauseMs }: GitHubAccess) {
  // Loaded on demand: most runs do not need it.
  const [{ getOctokit }, { retry }] = await Promise.all([import('@actions/github'), import('@octokit/plugin-retry')])
  const options = {
    baseUrl: apiUrl,
    userAgent: 'prebake',
    retry: { doNotRetry, ...(retryPauseMs !== undefined && { retryAfterBaseValue: retryPauseMs }) },
  }
  // The first plugin is the innermost.
  return getOctokit(token, options, eachAttempt, retry)
}

/** An octokit plugin: limits each attempt, ends it with the caller's signal, and reports it to the debug log. */
const eachAttempt: NonNullable<Parameters<typeof getOctokit>[2]> = (octokit) => {
  octokit.hook.wrap('request', async (request, options) => {
    const signal = options.request['signal'] as AbortSignal
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
    const { host } = new URL(options.baseUrl)
    const send = async () => request({ ...options, request: { ...options.request, signal: limit } })
    try {
      return await timedRequest({ method: options.method, host, operation: options.url }, send, ({ status }) => status, refusedStatus)
    } catch (error) {
      // The plugin would retry any other error.
      if (signal.aborted) throw new CancelledError()
      throw error
    }
  })
  return {}
}
