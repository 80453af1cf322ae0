import { channel } from 'node:diagnostics_channel'

/** One try of a request, as a debug log may show it: without headers, body and query, which hold secrets and signatures. */
export interface SentRequest {
  readonly method: string
  /** With the port, where it is not the usual one. */
  readonly host: string
  /** As its API names it: `RunInstances`, `/repos/{owner}/{repo}/actions/variables`. */
  readonly operation: string
  /** HTTP status; undefined where no answer came. */
  readonly status: number | undefined
  /** Real milliseconds until the head of the answer, or until it was clear that none comes. */
  readonly ms: number
}

const sent = channel('prebake:request')

/** Calls the listener for every request of every adapter from now on. */
export function onRequest(listener: (request: SentRequest) => void): void {
  sent.subscribe((message) => listener(message as SentRequest))
}

/**
 * For adapters: does one try, and reports it.
 * @param statusOf the HTTP status of an answer
 * @param statusOfError that of an answer which the client throws
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
