import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https'

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
}

/** The head of an answer; its body is still to be read. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: AsyncIterable<Uint8Array>
}

// Idle connections are given up early: a request on one that the other side has just closed would fail, and writes are not sent twice.
const pool = { keepAlive: true, timeout: 15_000 }

/** Connections are shared by requests with the same certificates, which Node makes part of the key. */
export function createAgents(): { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent } {
  return { 'http:': new HttpAgent(pool), 'https:': new HttpsAgent(pool) }
}

/** One HTTP request. Rejects with Node's own error; redirects are answers. */
export function sendRequest(exchange: Exchange, agents: ReturnType<typeof createAgents>): Promise<Answer> {
  const { server, method, path, body, authentication, signal, onConnected } = exchange
  const secure = server.protocol === 'https:'
  // The agent that comes with the authentication closes each connection: it is only needed where it knows a proxy.
  const agent = isPlainAgent(authentication.agent) ? agents[secure ? 'https:' : 'http:'] : authentication.agent
  const headers = { ...authenticationHeaders(authentication), ...exchange.headers }
  const options = { ...authentication, method, path, headers, agent, signal }
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? httpsRequest : httpRequest)(server, options)
    outgoing.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', onConnected)
      else onConnected()
    })
    outgoing.once('response', (body) => resolve({ status: body.statusCode ?? 0, headers: body.headers, body }))
    outgoing.on('error', reject)
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
