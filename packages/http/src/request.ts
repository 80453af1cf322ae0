import { ServiceError } from '@prebake/kernel'
import { refusedAddress } from './address-policy.ts'
import type { HttpErrorCode } from './error-codes.ts'
import { exchange, type ExchangeOptions } from './exchange.ts'
import { redirectOf } from './redirect.ts'
import type { Reply } from './reply.ts'

export interface RequestOptions extends ExchangeOptions {
  /** Sent to every host, redirects included. */
  readonly headers?: Readonly<Record<string, string>>
  /** The Authorization header for an origin (scheme, host and port); undefined for none. */
  readonly authorization?: (origin: string) => string | undefined
  /** Where this URL came from, if not from the user; the rules for redirects then apply. */
  readonly from?: URL
  /** `answer`: return redirects as they are (default: follow them). */
  readonly redirect?: 'follow' | 'answer'
}

const attempts = 4
const mostHops = 10
const longestPauseSeconds = 300

/**
 * Sends a GET and follows up to ten redirects. Each hop is retried up to three times while its failures are transient, after the pause that the service
 * asks for, or after 1, 2 and 4 seconds of the clock.
 * @returns the response, whatever its status, except the transient ones (408, 425, 429, most 5xx)
 * @throws ServiceError: no response, a response that is too large, a forbidden address or redirect, or the last transient failure, also when the
 * service asks for a pause of more than five minutes; CancelledError
 */
export async function request(url: URL, options: RequestOptions): Promise<Reply> {
  const { operation, redirect = 'follow', from } = options
  const refused = refusedAddress(url, from)
  if (refused !== undefined) {
    throw new ServiceError(
      { operation, code: 'RefusedAddress', message: `${url.origin} ${refused}.` },
      { code: 'address-refused' satisfies HttpErrorCode, hint: 'Use an https address.' },
    )
  }
  let at = url
  for (let hop = 0; hop <= mostHops; hop += 1) {
    const reply = await answerOf(at, options)
    const next = redirect === 'follow' ? redirectOf(reply, operation) : undefined
    if (next === undefined) return reply
    at = next
  }
  const message = `${url.host} redirected more than ${mostHops} times, finally to ${at.host}.`
  const code = 'redirects-too-many' satisfies HttpErrorCode
  throw new ServiceError({ operation, code: 'TooManyRedirects', message }, { code, hint: `Report this to the operator of ${url.host}.` })
}

async function answerOf(url: URL, options: RequestOptions): Promise<Reply> {
  const { headers, authorization, clock, signal } = options
  const credentials = authorization?.(url.origin)
  const sent = { ...headers, ...(credentials !== undefined && { authorization: credentials }) }
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await exchange(url, sent, options)
    if ('reply' in outcome) return outcome.reply
    const { failure, pauseSeconds = 2 ** (attempt - 1) } = outcome
    if (!failure.transient || attempt === attempts || pauseSeconds > longestPauseSeconds) throw failure
    await clock.sleep(pauseSeconds * 1000, signal)
  }
}
