import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { isLoopback } from './address-policy.ts'
import type { ProxyEnvironment } from './proxy-environment.ts'

/** The part of `fetch` that is used. */
export type Fetch = (
  url: URL,
  init: { readonly headers: Record<string, string>; readonly redirect: 'manual'; readonly signal: AbortSignal },
) => Promise<Response>

const pool = { keepAlive: true, timeout: 15_000 }

/**
 * `fetch` for GET over Node's HTTP client, whose agents support proxies: the global `fetch` does so only if NODE_USE_ENV_PROXY was set before Node
 * started. Requests to this machine bypass the proxy, which could not reach it.
 * @param connectLimitMs for connecting, with the proxy's tunnel and TLS, in real milliseconds
 */
export function networkFetch(proxyEnv: ProxyEnvironment, connectLimitMs = 15_000): Fetch {
  const direct = { 'http:': new HttpAgent(pool), 'https:': new HttpsAgent(pool) }
  const proxied = new HttpsAgent({ ...pool, proxyEnv: { ...proxyEnv } })
  return (url, { headers, signal }) => {
    const secure = url.protocol === 'https:'
    const agent = secure && !isLoopback(url) ? proxied : direct[secure ? 'https:' : 'http:']
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(url, { headers: { 'user-agent': 'prebake', ...headers }, agent, signal })
      const limit = setTimeout(() => fail(new Error(`no connection within ${connectLimitMs / 1000} s`)), connectLimitMs)
      const connected = () => clearTimeout(limit)
      // Until a proxy responds there is no socket, and Node's request ignores both its signal and destroy().
      const fail = (error: Error) => {
        connected()
        outgoing.destroy(error)
        reject(error)
      }
      signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true })
      outgoing.once('socket', (socket: Socket & Partial<TLSSocket>) => {
        if (!socket.connecting && !isShakingHands(socket)) return connected()
        socket.once(secure ? 'secureConnect' : 'connect', connected)
      })
      outgoing.once('response', (incoming) => {
        connected()
        try {
          resolve(responseOf(incoming))
        } catch (error) {
          fail(error as Error)
        }
      })
      outgoing.on('error', fail)
      outgoing.end()
    })
  }
}

function isShakingHands(socket: Partial<TLSSocket>): boolean {
  // Missing in Node's types.
  return (socket as { readonly secureConnecting?: boolean }).secureConnecting === true
}

function responseOf(incoming: IncomingMessage): Response {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) for (const value of values) headers.append(name, value)
  const status = incoming.statusCode ?? 0
  const empty = [204, 205, 304].includes(status)
  if (empty) incoming.resume()
  return new Response(empty ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>), { status, headers })
}
