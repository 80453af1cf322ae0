import { InputError, ServiceError, type Clock } from '@prebake/kernel'
import { reliableGet, type Reply } from '@prebake/http'

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
  /** A longer answer is broken off. */
  readonly mostBytes?: number
}

const mostHops = 5

/** Sends the token to the endpoint's own origin (scheme, host and port) and nowhere else, whatever a redirect or a link to the next page says. */
export function hubClient(settings: { endpoint: string; token: string | undefined; fetch: typeof fetch; clock: Clock }): HubClient {
  const { token, fetch, clock } = settings
  const endpoint = settings.endpoint.replace(/\/+$/, '')
  const { origin } = new URL(endpoint)
  const limitHint = token
    ? 'Too many requests were made with this token. Run again in a few minutes.'
    : 'The limit counts all requests from one IP address, and runners share theirs: pass `hf-token`, or run again in a few minutes.'

  async function get(url: URL, { signal, operation, headers = {}, mostBytes }: RequestOptions): Promise<Reply> {
    if (token && !/^[\x21-\x7e]+$/.test(token)) {
      // Checked here, because the error of `fetch` would quote the header.
      const remedy = 'Store the secret again, without spaces and line breaks.'
      throw new InputError([{ input: 'hf-token', wrong: 'It has characters that are in no token.', remedy }])
    }
    const authorization = token && url.origin === origin ? { Authorization: `Bearer ${token}` } : {}
    return reliableGet(url, { ...headers, ...authorization }, { fetch, clock, signal, operation, limitHint, mostBytes })
  }

  async function follow(url: URL, options: RequestOptions): Promise<Reply> {
    let at = url
    for (let hop = 0; hop <= mostHops; hop += 1) {
      const reply = await get(at, options)
      const location = locationOf(reply)
      if (!location) return reply
      at = location
    }
    throw new ServiceError({ operation: options.operation, code: 'TooManyRedirects', message: `${url.href} redirects without end.` })
  }

  return { endpoint, hasToken: Boolean(token), get, follow }
}

/** Where a redirect leads, as an absolute address; undefined for every other answer. */
export function locationOf(reply: Reply): URL | undefined {
  const location = reply.headers.get('location')
  return [301, 302, 303, 307, 308].includes(reply.status) && location ? new URL(location, reply.url) : undefined
}

/** Path segments, encoded for an address. */
export const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')
