import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https'
import { InputError } from '@prebake/kernel'

export interface Exchange {
  /** Scheme, host and port. */
  readonly server: URL
  readonly method: 'GET' | 'PATCH' | 'DELETE'
  /** Path and query, sent as they are. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Certificates, headers and perhaps the agent of a proxy. */
  readonly authentication: RequestOptions
  readonly signal: AbortSignal
  /** Told when there is a connection, so that a host that never answers can be told from a slow one. */
  readonly onConnected: () => void
  /** Told the IP address that the server's name leads to, unless a proxy looks it up. */
  readonly onResolved: (address: string) => void
}

/** The head of an answer; its body is still to be read. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: AsyncIterable<Uint8Array>
}

// Idle connections are given up early: a request on one that the other side has just closed would fail, and writes are not sent twice.
const pool = { keepAlive: true, timeout: 15_000 }

export interface Agents {
  readonly 'http:': HttpAgent
  readonly 'https:': HttpsAgent
}

/**
 * Connections are shared by requests with the same certificates, which Node makes part of the key. They go through the proxy of `env` (HTTPS_PROXY,
 * HTTP_PROXY, NO_PROXY, in either case), which Node's agents do only when they are told.
 * @throws InputError naming the variable that is no address
 */
export function createAgents(env: NodeJS.ProcessEnv): Agents {
  try {
    return { 'http:': new HttpAgent({ ...pool, proxyEnv: env }), 'https:': new HttpsAgent({ ...pool, proxyEnv: env }) }
  } catch (cause) {
    // The message of Node's error quotes it, with its password.
    throw new InputError([{ input: 'HTTPS_PROXY', wrong: 'is not the address of a proxy.', remedy: 'Write `http://host:port`.' }], {
      cause,
    })
  }
}

/** One HTTP request. Rejects with Node's own error; redirects are answers. */
export function sendRequest(exchange: Exchange, agents: Agents): Promise<Answer> {
  const { server, method, path, body, authentication, signal, onConnected, onResolved } = exchange
  const secure = server.protocol === 'https:'
  // The agent that comes with the authentication closes each connection: it is only needed where it knows a proxy.
  const agent = isPlainAgent(authentication.agent) ? agents[secure ? 'https:' : 'http:'] : authentication.agent
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
    // While a proxy keeps silent there is no socket yet, and Node's request outlives its signal.
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    outgoing.end(body)
  })
}

function isPlainAgent(agent: RequestOptions['agent']): boolean {
  const kind = agent && Object.getPrototypeOf(agent)
  return !kind || kind === HttpAgent.prototype || kind === HttpsAgent.prototype
}

function authenticationHeaders({ headers = {} }: RequestOptions): Record<string, string> {
  // A token that was read from a file may end with a line break, which no header can hold.
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value).trim()]))
}
