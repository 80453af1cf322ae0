import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https'
import { proxyEnvironment } from '@prebake/http'

export interface Exchange {
  /** Scheme, host and port. */
  readonly server: URL
  readonly method: 'GET' | 'PATCH' | 'DELETE'
  /** Path and query, sent as they are. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Certificates, headers and, for a proxy of the kubeconfig, its agent. */
  readonly authentication: RequestOptions
  readonly signal: AbortSignal
  /** Called when there is a connection, to distinguish an unreachable host from a slow one. */
  readonly onConnected: () => void
  /** Receives the IP address of the server's name, unless a proxy resolves it. */
  readonly onResolved: (address: string) => void
}

/** The head of a response, with its unread body. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: AsyncIterable<Uint8Array>
}

// Closes idle connections early: a request on one that the server has just closed would fail, and writes are not retried.
const pool = { keepAlive: true, timeout: 15_000 }

/**
 * The agent for one server. Requests with the same certificates share connections. They go through the proxy of `env` (HTTPS_PROXY or HTTP_PROXY, and
 * NO_PROXY, in either case).
 * @throws InputError naming a malformed proxy variable
 */
export function createAgent({ protocol }: URL, env: NodeJS.ProcessEnv): HttpAgent | HttpsAgent {
  const scheme = protocol === 'http:' ? 'http' : 'https'
  const { proxy: _, ...proxyEnv } = proxyEnvironment(env, scheme)
  return scheme === 'http' ? new HttpAgent({ ...pool, proxyEnv }) : new HttpsAgent({ ...pool, proxyEnv })
}

/** One HTTP request. Returns redirects as they are. Rejects with Node's own error. */
export function sendRequest(exchange: Exchange, ownAgent: HttpAgent | HttpsAgent): Promise<Answer> {
  const { server, method, path, body, authentication, signal, onConnected, onResolved } = exchange
  const secure = server.protocol === 'https:'
  // The agent of the authentication closes each connection, so it is used only for the proxy of a kubeconfig.
  const agent = isPlainAgent(authentication.agent) ? ownAgent : authentication.agent
  const headers = { ...authenticationHeaders(authentication), ...exchange.headers }
  const options = { ...authentication, method, path, headers, agent, signal }
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? httpsRequest : httpRequest)(server, options)
    outgoing.once('socket', (socket) => {
      if (!socket.connecting) return onConnected()
      socket.once('lookup', (_error, address) => onResolved(String(address)))
      socket.once('connect', onConnected)
    })
    outgoing.once('response', (body) => resolve({ status: body.statusCode ?? 0, headers: body.headers, body }))
    outgoing.on('error', reject)
    // Until a proxy responds there is no socket, and Node's request outlives its signal.
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    outgoing.end(body)
  })
}

export function isPlainAgent(agent: RequestOptions['agent']): boolean {
  const kind = agent && Object.getPrototypeOf(agent)
  return !kind || kind === HttpAgent.prototype || kind === HttpsAgent.prototype
}

function authenticationHeaders({ headers = {} }: RequestOptions): Record<string, string> {
  // A token from a file may end with a line break, which is invalid in a header.
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value).trim()]))
}
