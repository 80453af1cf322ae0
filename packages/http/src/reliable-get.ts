import { CancelledError, ServiceError, timedRequest, type Clock } from '@prebake/kernel'

/** An answer, read to its end. Redirects are answers too. */
export interface Reply {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
}

export interface GetOptions {
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly signal: AbortSignal
  /** What the request is for; begins the message of an error. */
  readonly operation: string
  /** What to do when the service says that there were too many requests. */
  readonly limitHint: string
  /** An answer with a longer body, in bytes after decompression, is broken off. Default: no limit. */
  readonly mostBytes?: number | undefined
}

type Attempt = { readonly reply: Reply } | { readonly failure: ServiceError; readonly pauseSeconds: number }

const attempts = 4
const requestLimitMs = 60_000
const longestPauseSeconds = 300

/**
 * One GET, tried again up to three times after a broken connection, a 429 or a 5xx. The pause is the one that the service asks for, else 1, 2 and 4
 * seconds of `clock`.
 * @returns the answer, whatever its status, unless that is 429 or 5xx
 * @throws ServiceError after the last try, and at once when the service asks for a pause of more than five minutes or sends too long a body; CancelledError
 */
export async function reliableGet(url: URL, headers: Record<string, string>, options: GetOptions): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await getOnce(url, headers, options, 2 ** (attempt - 1))
    if ('reply' in outcome) return outcome.reply
    if (attempt === attempts || outcome.pauseSeconds > longestPauseSeconds) throw outcome.failure
    await options.clock.sleep(outcome.pauseSeconds * 1000, options.signal)
  }
}

async function getOnce(url: URL, headers: Record<string, string>, options: GetOptions, usualPauseSeconds: number): Promise<Attempt> {
  const { signal, operation, clock, limitHint } = options
  let reply: Reply
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs)])
    const response = await timedRequest(
      { method: 'GET', host: url.host, operation: url.pathname },
      () => options.fetch(url, { headers, redirect: 'manual', signal: limit }),
      (answer) => answer.status,
    )
    reply = { url, status: response.status, headers: response.headers, body: await readBody(response, options) }
  } catch (cause) {
    if (signal.aborted) throw new CancelledError()
    if (cause instanceof ServiceError) throw cause
    const message = `no answer from ${url.host}: ${innermostMessage(cause)}.`
    const hint = `Check that ${url.host} can be reached from the runner, then run again.`
    return { failure: new ServiceError({ operation, code: 'NoAnswer', message }, { hint, cause }), pauseSeconds: usualPauseSeconds }
  }
  const { status } = reply
  if (status !== 429 && status < 500) return { reply }
  const hint = status === 429 ? limitHint : `${url.host} has a problem of its own. Run again later.`
  const requestId = reply.headers.get('x-request-id') ?? undefined
  const failure = new ServiceError({ operation, code: `HTTP ${status}`, message: wordsOf(reply), status, requestId }, { hint })
  return { failure, pauseSeconds: askedPauseSeconds(reply.headers, clock.now()) ?? usualPauseSeconds }
}

async function readBody(response: Response, { operation, mostBytes = Infinity }: GetOptions): Promise<Uint8Array<ArrayBuffer>> {
  if (mostBytes === Infinity || response.body === null) return new Uint8Array(await response.arrayBuffer())
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.length
    // Leaving the loop ends the transfer.
    if (length > mostBytes)
      throw new ServiceError({ operation, code: 'TooLarge', message: `the answer is longer than ${mostBytes} bytes.` })
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** The first line of what the service says, or where it says nothing, its name. */
export function wordsOf(reply: Reply): string {
  const text = new TextDecoder().decode(reply.body.subarray(0, 2000)).trim()
  const json = /"(?:error|message)":\s*"([^"]+)"/.exec(text)?.[1]
  const words = reply.headers.get('x-error-message') ?? json ?? text.split('\n')[0] ?? ''
  return (words || `${reply.url.host} gave no reason`).slice(0, 300)
}

/** Retry-After (RFC 9110: seconds or a date), or the `t` of a RateLimit header (the hub's documentation, "Rate limits"). */
function askedPauseSeconds(headers: Headers, now: Date): number | undefined {
  const after = headers.get('retry-after')
  if (after !== null && /^\d+$/.test(after)) return Number(after)
  if (after !== null && !Number.isNaN(Date.parse(after))) return Math.max(0, (Date.parse(after) - now.getTime()) / 1000)
  const left = /;\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]
  return left === undefined ? undefined : Number(left)
}

function innermostMessage(error: unknown): string {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  return inner instanceof Error ? inner.message || inner.name : String(inner)
}
