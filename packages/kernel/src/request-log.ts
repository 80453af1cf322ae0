import { channel } from 'node:diagnostics_channel'

/** One attempt of a request, as a debug log may show it: without headers, body and query, which contain secrets and signatures. */
export interface SentRequest {
  readonly method: string
  /** With the port if it is not the default one. */
  readonly host: string
  /** As its API names it: `RunInstances`, `/repos/{owner}/{repo}/actions/variables`. */
  readonly operation: string
  /** HTTP status; undefined if there was no response. */
  readonly status: number | undefined
  /** Real milliseconds until the response headers, or until the attempt failed. */
  readonly ms: number
}

const sent = channel('prebake:request')

/** Calls the listener for every request that an adapter sends from now on. */
export function onRequest(listener: (request: SentRequest) => void): void {
  sent.subscribe((message) => listener(message as SentRequest))
}

/**
 * For adapters: makes one attempt and reports it.
 * @param statusOf the HTTP status of a response
 * @param statusOfError the HTTP status of a response that the client throws as an error
 */
export async function timedRequest<T>(
  request: Pick<SentRequest, 'method' | 'host' | 'operation'>,
  work: () => Promise<T>,
  statusOf: (answer: T) => number | undefined,
  statusOfError: (error: unknown) => number | undefined = () => undefined,
): Promise<T> {
  const start = performance.now()
  const report = (status: number | undefined) =>
    sent.publish({ ...request, status, ms: Math.round(performance.now() - start) } satisfies SentRequest)
  try {
    const answer = await work()
    report(statusOf(answer))
    return answer
  } catch (error) {
    report(statusOfError(error))
    throw error
  }
}
