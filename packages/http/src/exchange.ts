import { CancelledError, ServiceError, timedRequest, type Clock } from '@prebake/kernel'
import { isLoopback } from './address-policy.ts'
import { networkFailure } from './network-failure.ts'
import { wordsOf, type Reply } from './reply.ts'
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
  /** The most bytes that a successful response may have (default: 16 MiB). More is an error. */
  readonly mostBytes?: number
  /** Do not read the body of a successful response. */
  readonly headOnly?: boolean
  /** For one try, from connecting to the last byte of the response, in real milliseconds (default: one minute). */
  readonly limitMs?: number
}

/** `pauseSeconds`: how long the service asks to wait before the next try. */
export type Outcome = { readonly reply: Reply } | { readonly failure: ServiceError; readonly pauseSeconds: number | undefined }

const usualMostBytes = 16 * 2 ** 20
const usualLimitMs = 60_000
/** Enough of a failed response to quote from. */
const refusalBytes = 65_536

/** Sends one GET, once. Every status is a reply, except the transient ones. @throws CancelledError */
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
    const { code, words, hint, transient } = networkFailure(
      timeLimit.aborted ? late : cause,
      url,
      isLoopback(url) ? undefined : transport.proxy,
    )
    const message = `no answer from ${url.host}: ${words}.`
    return { failure: new ServiceError({ operation, code, message }, { hint, cause, transient }), pauseSeconds: undefined }
  }
  if (!isTransient(reply.status)) return { reply }
  return { failure: refused(reply, options), pauseSeconds: askedPauseSeconds(reply.headers, options.clock.now()) }
}

/** Timeouts, rate limits and server errors, except the two that say the server cannot do this at all. */
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
  const message = `${url.host} sends more than the ${mostBytes} bytes that this can have.`
  return new ServiceError({ operation, code: 'TooLarge', message, status }, { hint: 'Check the address: something else may answer there.' })
}

function refused(reply: Reply, { operation, limitHint }: ExchangeOptions): ServiceError {
  const { status, url, headers } = reply
  const hint =
    status === 429
      ? (limitHint ?? `${url.host} limits how often it may be asked. Run again later.`)
      : `${url.host} has a problem of its own. Run again later.`
  const requestId = headers.get('x-request-id') ?? undefined
  return new ServiceError({ operation, code: `HTTP ${status}`, message: wordsOf(reply), status, requestId }, { hint, transient: true })
}
