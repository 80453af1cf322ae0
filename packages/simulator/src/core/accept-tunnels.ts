import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { receiveRequest } from './receive-request.ts'
import type { Service, Simulation } from './service.ts'

/** Lets a service answer WebSocket requests (RFC 6455) with tunnels. Each is logged; a scripted fault refuses it, or cuts the connection. */
export function acceptTunnels(server: Server, service: Service, simulation: Simulation, scheme: string): void {
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { request, fault, record } = receiveRequest(incoming, Buffer.alloc(0), scheme, service, simulation)
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
