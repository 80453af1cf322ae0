import type { IncomingMessage } from 'node:http'
import type { FaultPlan } from './faults.ts'
import type { Service, SimulatedRequest, Simulation } from './service.ts'

/** A request that has arrived, by whichever protocol. */
export interface ReceivedRequest {
  readonly request: SimulatedRequest
  /** The scripted fault that it meets. */
  readonly fault: ReturnType<FaultPlan>
  /** Logs its end. The status is 0 where the connection ends without an answer. */
  readonly record: (status: number) => void
}

/** Names a request as its service does, and looks up the fault that it meets. */
export function receiveRequest(
  { method, url: path, headers }: IncomingMessage,
  body: Buffer,
  scheme: string,
  service: Service,
  { clock, journal, faultFor }: Simulation,
): ReceivedRequest {
  const url = new URL(path ?? '/', `${scheme}://${headers.host ?? '127.0.0.1'}`)
  const request = { method: method ?? 'GET', url, headers, body }
  const operation = service.operation(request)
  const parameters = service.parameters?.(request)
  const fault = faultFor({ server: service.name, operation, parameters })
  return {
    request,
    fault,
    record: (status) =>
      journal.record({
        time: clock.now().toISOString(),
        server: service.name,
        operation,
        method: request.method,
        path: url.pathname,
        status,
        ...(service.parameters && { parameters }),
        ...(fault && { fault: fault.kind }),
      }),
  }
}
