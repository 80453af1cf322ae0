import { request, type Reply, type Transport } from '@prebake/http'
import { InputError, type Clock } from '@prebake/kernel'

export interface HubClient {
  /** Without a slash at its end. */
  readonly endpoint: string
  readonly hasToken: boolean
  /** GET; redirects are answers. */
  get(url: URL, options: RequestOptions): Promise<Reply>
  /** GET; follows redirects, to other hosts too. */
  follow(url: URL, options: RequestOptions): Promise<Reply>
}

export interface RequestOptions {
  readonly signal: AbortSignal
  /** What the request is for; begins the message of an error. */
  readonly operation: string
  readonly headers?: Record<string, string>
  /** The most bytes that a successful response may have (default: 16 MiB). More is an error. */
  readonly mostBytes?: number
  /** Do not read the body of a successful response. */
  readonly headOnly?: boolean
}

/** Sends the token to the endpoint's own origin (scheme, host and port) and nowhere else, whatever a redirect or a link to the next page says. */
export function hubClient(settings: { endpoint: string; token: string | undefined; transport: Transport; clock: Clock }): HubClient {
  const { endpoint, token, transport, clock } = settings
  const { origin } = new URL(endpoint)
  const limitHint = token
    ? 'Too many requests were made with this token. Run again in a few minutes.'
    : 'The limit counts all requests from one IP address, and runners share theirs: pass `hf-token`, or run again in a few minutes.'
  const authorization = (asked: string) => (token && asked === origin ? `Bearer ${token}` : undefined)

  async function ask(url: URL, redirect: 'follow' | 'answer', options: RequestOptions): Promise<Reply> {
    if (token && !/^[\x21-\x7e]+$/.test(token)) {
      // Checked here, because Node's error would quote the header.
      const remedy = 'Store the secret again, without spaces and line breaks.'
      throw new InputError([{ input: 'hf-token', wrong: 'It has characters that are in no token.', remedy }])
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

/** Path segments, encoded for an address. */
export const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')
