import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { acceptTunnels } from './accept-tunnels.ts'
import { receiveRequest } from './receive-request.ts'
import type { Service, SimulatedResponse, Simulation } from './service.ts'

export type * from './service.ts'

/** The certificate of a server and its key, as PEM. */
export interface ServerTls {
  readonly key: Buffer
  readonly cert: Buffer
}

export interface RunningServer {
  /** `http://127.0.0.1:<port>`, or `https` with a certificate. */
  readonly url: string
  close(): Promise<void>
}

/** Serves one API on a free port of 127.0.0.1; every request is logged, and may meet a scripted fault. */
export async function serve(service: Service, simulation: Simulation, tls?: ServerTls): Promise<RunningServer> {
  const scheme = tls ? 'https' : 'http'
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answer(service, simulation, scheme, incoming, outgoing).catch((error: unknown) => {
      // A fault of the simulator itself must not look like one of the service.
      process.stderr.write(`simulator: ${service.name}: ${String((error as Error)?.stack ?? error)}\n`)
      outgoing.destroy()
    })
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  // Node's default is 5 s: a client that pauses for so long would meet a connection that closes at that moment.
  server.keepAliveTimeout = 120_000
  if (service.tunnel) acceptTunnels(server, service, simulation, scheme)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  service: Service,
  simulation: Simulation,
  scheme: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { request, fault, record } = receiveRequest(incoming, Buffer.concat(chunks), scheme, service, simulation)

  if (fault?.kind === 'hang' && !fault.after) return record(0)
  if (fault?.kind === 'delay') await simulation.clock.sleep(fault.seconds)
  if (fault?.kind === 'reset' && !fault.after) {
    record(0)
    incoming.socket.resetAndDestroy()
    return
  }
  const response = fault?.kind === 'error' ? service.error(fault.status, fault.code, fault.message, request) : await service.handle(request)
  record(fault?.kind === 'reset' || fault?.kind === 'hang' ? 0 : response.status)
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'reset') {
    incoming.socket.resetAndDestroy()
    return
  }
  outgoing.writeHead(response.status, { ...response.headers } as OutgoingHttpHeaders)
  await send(response.body ?? '', outgoing, fault?.kind === 'truncate' ? fault.bytes : Infinity)
}

async function send(body: NonNullable<SimulatedResponse['body']>, outgoing: ServerResponse, limit: number): Promise<void> {
  if (limit === Infinity && (typeof body === 'string' || body instanceof Uint8Array)) {
    outgoing.end(body)
    return
  }
  const source = typeof body === 'string' ? [Buffer.from(body)] : body instanceof Uint8Array ? [body] : body
  try {
    await pipeline(Readable.from(limited(source, limit)), outgoing)
  } catch {
    // The client went away, or the body was cut on purpose: either way the connection is gone, which is all a real server would see.
    outgoing.destroy()
  }
}

async function* limited(source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let left = limit
  for await (const chunk of source) {
    if (chunk.length >= left) {
      yield chunk.subarray(0, left)
      throw new Error('cut')
    }
    left -= chunk.length
    yield chunk
  }
}
