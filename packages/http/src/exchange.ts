import { CancelledError, ServiceError, timedRequest, type Clock } from '@prebake/kernel'
import { isLoopback } from './address-policy.ts'
import type { HttpErrorCode } from './error-codes.ts'
import { networkFailure } from './network-failure.ts'
import { reasonOf, type Reply } from './reply.ts'
import { askedPauseSeconds } from './retry-after.ts'
import type { Transport } from './transport.ts'

export interface ExchangeOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly signal: AbortSignal
  /** What the request is for; begins the message of an error. */
  readonly operation: string
  /** What to do about HTTP 429. */
  readonly limitHint?: string
  /** Size limit of a successful response in bytes (default: 16 MiB). A larger one is an error. */
  readonly mostBytes?: number
  /** Do not read the body of a successful response. */
  readonly headOnly?: boolean
  /** Time limit of one attempt, from connecting to the last byte of the response, in real milliseconds (default: one minute). */
  readonly limitMs?: number
}

/** `pauseSeconds`: how long the service asks to wait before the next attempt. */
export type Outcome = { readonly reply: Reply } | { readonly failure: ServiceError; readonly pauseSeconds: number | undefined }

const usualMostBytes = 16 * 2 ** 20
const usualLimitMs = 60_000
/** Enough of an error response to quote from. */
const refusalBytes = 65_536

/** Sends one GET, once. Every status is a reply except the transient ones. @throws CancelledError */
export async function exchange(url: URL, headers: Record<string, string>, options: ExchangeOptions): Promise<Outcome> {
  const { transport, signal, operation, limitMs = usualLimitMs } = options
  const timeLimit = AbortSignal.timeout(limitMs)
  let reply: Reply
  try {
    const response = await timedRequest(
      { method: 'GET', host: url.host, operation: url.pathname },
      () => transport.fetch(url, { headers, redirect: 'manual', signal: AbortSignal.any([signal, timeLimit]) }),
      (answer) => answer.status,
    )
    const { status } = response
    const body = await readBody(response, options)
    if (body === undefined) return { failure: tooLarge(url, status, options), pauseSeconds: undefined }
    reply = { url, status, headers: response.headers, body }
  } catch (cause) {
    if (signal.aborted) throw new CancelledError()
    const late = new Error(`it took more than ${limitMs / 1000} s`)
    const { errorCode, reason, hint, transient, ...failure } = networkFailure(
      timeLimit.aborted ? late : cause,
      url,
      isLoopback(url) ? undefined : transport.proxy,
    )
    const message = `no answer from ${url.host}: ${reason}.`
    const error = new ServiceError({ operation, code: failure.code, message }, { code: errorCode, hint, cause, transient })
    return { failure: error, pauseSeconds: undefined }
  }
  if (!isTransient(reply.status)) return { reply }
  return { failure: refused(reply, options), pauseSeconds: askedPauseSeconds(reply.headers, options.clock.now()) }
}

/** Timeouts, rate limits and server errors, except the two that mean the server does not support the request. */
function isTransient(status: number): boolean {
  return [408, 425, 429].includes(status) || (status >= 500 && status !== 501 && status !== 505)
}

/** Undefined if a successful response is larger than its limit. */
async function readBody(
  { ok, body }: Response,
  { mostBytes = usualMostBytes, headOnly = false }: ExchangeOptions,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (body === null) return new Uint8Array()
  if (ok && headOnly) {
    await body.cancel()
    return new Uint8Array()
  }
  const most = ok ? mostBytes : refusalBytes
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop ends the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > most && ok) return undefined
    chunks.push(chunk)
    if (length > most) break
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function tooLarge(url: URL, status: number, { operation, mostBytes = usualMostBytes }: ExchangeOptions): ServiceError {
  const message = `${url.host} sent more than the ${mostBytes} bytes allowed here.`
  const hint = 'Check the address: a different service may be answering there.'
  return new ServiceError({ operation, code: 'TooLarge', message, status }, { code: 'response-too-large' satisfies HttpErrorCode, hint })
}

function refused(reply: Reply, { operation, limitHint }: ExchangeOptions): ServiceError {
  const { status, url, headers } = reply
  const isRateLimit = status === 429
  const code = (isRateLimit ? 'rate-limited' : 'service-unavailable') satisfies HttpErrorCode
  const hint = isRateLimit
    ? (limitHint ?? `${url.host} limits the rate of requests. Run again later.`)
    : `${url.host} is failing. Run again later.`
  const requestId = headers.get('x-request-id') ?? undefined
  return new ServiceError(
    { operation, code: `HTTP ${status}`, message: reasonOf(reply), status, requestId },
    { code, hint, transient: true },
  )
}
