import { request, type Reply, type Transport } from '@prebake/http'
import { InputError, type Clock } from '@prebake/kernel'
import type { HubErrorCode } from './error-codes.ts'

export interface HubClient {
  /** Without a trailing slash. */
  readonly endpoint: string
  readonly hasToken: boolean
  /** GET; returns redirects as they are. */
  get(url: URL, options: RequestOptions): Promise<Reply>
  /** GET; follows redirects, also to other hosts. */
  follow(url: URL, options: RequestOptions): Promise<Reply>
}

export interface RequestOptions {
  readonly signal: AbortSignal
  /** What the request is for; begins the message of an error. */
  readonly operation: string
  readonly headers?: Record<string, string>
  /** Size limit of a successful response in bytes (default: 16 MiB). A larger one is an error. */
  readonly mostBytes?: number
  /** Do not read the body of a successful response. */
  readonly headOnly?: boolean
}

/** Sends the token only to the endpoint's origin (scheme, host and port), even if a redirect or a link to the next page leads elsewhere. */
export function hubClient(settings: { endpoint: string; token: string | undefined; transport: Transport; clock: Clock }): HubClient {
  const { endpoint, token, transport, clock } = settings
  const { origin } = new URL(endpoint)
  const limitHint = token
    ? 'This token has made too many requests. Run again in a few minutes.'
    : 'The hub limits requests per IP address, and runners share theirs: pass `hf-token`, or run again in a few minutes.'
  const authorization = (asked: string) => (token && asked === origin ? `Bearer ${token}` : undefined)

  async function ask(url: URL, redirect: 'follow' | 'answer', options: RequestOptions): Promise<Reply> {
    if (token && !/^[\x21-\x7e]+$/.test(token)) {
      // Node's own error would quote the header.
      const wrong = 'The token contains invalid characters, perhaps spaces or line breaks.'
      const code = 'hub-token-malformed' satisfies HubErrorCode
      throw new InputError([{ code, input: 'hf-token', wrong, remedy: 'Store the secret again without them.' }])
    }
    return request(url, { ...options, transport, clock, limitHint, authorization, redirect })
  }

  return {
    endpoint,
    hasToken: Boolean(token),
    get: (url, options) => ask(url, 'answer', options),
    follow: (url, options) => ask(url, 'follow', options),
  }
}

/** The path with each segment percent-encoded. */
export const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')
