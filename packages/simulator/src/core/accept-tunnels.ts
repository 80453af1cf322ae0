import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Service, Simulation } from './service.ts'

/** Lets a service answer WebSocket requests (RFC 6455) with tunnels. Each is logged; a scripted fault refuses it, or cuts the connection. */
export function acceptTunnels(server: Server, service: Service, simulation: Simulation, scheme: string): void {
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(incoming.url ?? '/', `${scheme}://${incoming.headers.host ?? '127.0.0.1'}`)
    const request = { method: incoming.method ?? 'GET', url, headers: incoming.headers, body: Buffer.alloc(0) }
    const operation = service.operation(request)
    const parameters = service.parameters?.(request)
    const fault = simulation.faultFor({ server: service.name, operation, parameters })
    const record = (status: number) =>
      simulation.journal.record({
        time: simulation.clock.now().toISOString(),
        server: service.name,
        operation,
        method: request.method,
        path: url.pathname,
        status,
        ...(service.parameters && { parameters }),
        ...(fault && { fault: fault.kind }),
      })
    if (fault?.kind === 'reset') {
      record(0)
      socket.destroy()
      return
    }
    const answer = fault?.kind === 'error' ? service.error(fault.status, fault.code, fault.message, request) : service.tunnel?.(request)
    if (answer === undefined || !('open' in answer)) {
      const { status = 400, body = '' } = answer ?? {}
      record(status)
      const text = typeof body === 'string' ? body : ''
      socket.end(
        `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      )
      return
    }
    record(101)
    const { protocol } = answer
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has(protocol) ? protocol : false) })
    sockets.handleUpgrade(incoming, socket, head, (opened) => answer.open(opened))
  })
}
