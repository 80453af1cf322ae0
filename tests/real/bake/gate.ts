import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Transform } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** A request as it arrives at the gate. */
export interface Met {
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly query: URLSearchParams
  /** First byte that was asked for; undefined without a range. */
  readonly start: number | undefined
  /** How often this path and start were asked for, this time included. */
  readonly count: number
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface Passed extends Met {
  /** What was answered; 0 when nothing was. */
  readonly status: number
}

/** What becomes of a request instead of the server's own answer. */
export type Effect =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is reset after so many bytes of the body. */
  | { readonly resetAfter: number }
  /** So many bytes per second. */
  | { readonly pace: number }
  /** The range is not looked at: the whole file comes. */
  | 'whole'
  /** Other bytes than the server's. */
  | 'altered'
  /** No answer until the gate is opened; then the server's. */
  | 'hold'
  | undefined

export interface Gate {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  /** In the order of their answers. */
  readonly passed: readonly Passed[]
  /** Lets through what is held, and all that would be. */
  open(): void
  close(): Promise<void>
}

/** Stands before a server on this machine and passes requests on; `meet` decides which of them come to harm. */
export async function startGate(target: string, meet: (met: Met) => Effect = () => undefined): Promise<Gate> {
  const passed: Passed[] = []
  const counts = new Map<string, number>()
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  let isOpen = false

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const met = read(incoming, counts)
    let effect = meet(met)
    if (effect === 'hold') {
      if (!isOpen) await opened
      effect = undefined
      if (outgoing.closed || outgoing.destroyed || incoming.socket.destroyed) return void passed.push({ ...met, status: 0 })
    }
    if (typeof effect === 'object' && 'status' in effect) {
      passed.push({ ...met, status: effect.status })
      outgoing.writeHead(effect.status, effect.headers).end()
      return
    }
    const headers = { ...incoming.headers }
    if (effect === 'whole') delete headers.range
    const ahead = forward(`${target}${incoming.url}`, { method: met.method, headers }, (response) => {
      passed.push({ ...met, status: response.statusCode ?? 0 })
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(harm(effect, outgoing)).pipe(outgoing)
    })
    ahead.on('error', () => outgoing.destroy())
    outgoing.on('close', () => ahead.destroy())
    incoming.pipe(ahead)
  }

  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    open() {
      isOpen = true
      open()
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function read({ method = 'GET', url = '/', headers }: IncomingMessage, counts: Map<string, number>): Met {
  const { pathname: path, searchParams: query } = new URL(url, 'http://gate')
  const range = /^bytes=(\d+)-/.exec(headers.range ?? '')?.[1]
  const start = range === undefined ? undefined : Number(range)
  const count = (counts.get(`${path} ${start}`) ?? 0) + 1
  counts.set(`${path} ${start}`, count)
  return { method, path, query, start, count, at: Date.now() }
}

/** The stream through which a body reaches the client. */
function harm(effect: Effect, outgoing: ServerResponse): Transform {
  let sent = 0
  return new Transform({
    async transform(chunk: Buffer, _, done) {
      sent += chunk.length
      if (typeof effect === 'object' && 'resetAfter' in effect && sent > effect.resetAfter) {
        outgoing.socket?.resetAndDestroy()
        return
      }
      if (typeof effect === 'object' && 'pace' in effect) await sleep((chunk.length / effect.pace) * 1000)
      done(null, effect === 'altered' ? Buffer.alloc(chunk.length, 'x') : chunk)
    },
  })
}
