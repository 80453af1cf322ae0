import { createServer, type IncomingHttpHeaders } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

export interface ConnectProxy extends AsyncDisposable {
  readonly port: number
  /** The hosts of the tunnels that were asked for, and the addresses of what was to be passed on in the clear. */
  readonly asked: readonly string[]
  readonly headers: readonly IncomingHttpHeaders[]
}

/**
 * A proxy on 127.0.0.1 (RFC 9110, CONNECT). Every tunnel leads to `to`, whatever host is asked for, so that a name that nobody knows can stand for a
 * cluster; `answer` in place of it is sent back, and without either it keeps silent.
 */
export async function connectProxy({ to, answer }: { to?: string; answer?: string }): Promise<ConnectProxy> {
  const asked: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const sockets = new Set<Duplex>()
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    headers.push(request.headers)
    response.end('{"gitVersion":"v1.36.3"}')
  })
  server.on('connect', (request, socket: Duplex) => {
    asked.push(request.url ?? '')
    headers.push(request.headers)
    sockets.add(socket.on('error', () => undefined))
    if (answer !== undefined) return void socket.end(`HTTP/1.1 ${answer}\r\n\r\n`)
    if (to === undefined) return
    const upstream = connect(Number(new URL(to).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(upstream).pipe(socket)
    })
    sockets.add(upstream.on('error', () => undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    headers,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
