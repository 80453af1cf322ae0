import { CancelledError } from '@prebake/kernel'
import { refusedRequest, type RefusalAdvice } from './refused-request.ts'

export interface GitHubAccess {
  readonly token: string
  /** `https://api.github.com`, or as GITHUB_API_URL has it. */
  readonly apiUrl: string
}

type Client = Awaited<ReturnType<typeof client>>

/** Does `work` with a client; `request` belongs into the parameters of every request that the work makes. */
export type GitHubCall = <T>(
  operation: string,
  signal: AbortSignal,
  work: (client: Client, request: { readonly signal: AbortSignal }) => Promise<T>,
) => Promise<T>

/** Per call; undici's own limit, five minutes for the first byte, is too long for answers of some kilobytes. */
const limitMs = 30_000

/**
 * How GitHub's API is called: each call has a limit of 30 s, and is tried once.
 * Calls throw ServiceError with GitHub's words, and CancelledError when the signal aborts.
 */
export function githubCaller({ token, apiUrl }: GitHubAccess, advice: RefusalAdvice): GitHubCall {
  return async (operation, signal, work) => {
    if (signal.aborted) throw new CancelledError()
    try {
      return await work(await client(token, apiUrl), { signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]) })
    } catch (error) {
      if (signal.aborted) throw new CancelledError()
      throw refusedRequest(operation, error, advice)
    }
  }
}

async function client(token: string, apiUrl: string) {
  // 60 ms to load, and most runs never get here.
  const { getOctokit } = await import('@actions/github')
  return getOctokit(token, { baseUrl: apiUrl })
}
