import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import type { FaultPlan } from './faults.ts'
import type { Journal } from './journal.ts'
import type { SimulatedClock } from './world.ts'

export interface SimulatedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface SimulatedResponse {
  readonly status: number
  /** A list is sent as several lines. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>
}

/** What all servers of one simulation share. */
export interface Simulation {
  readonly clock: SimulatedClock
  readonly journal: Journal
  readonly faultFor: FaultPlan
  readonly random: () => number
}

/** One API: how a request is named and answered, and how this API words an error. */
export interface Service {
  readonly name: string
  operation(request: SimulatedRequest): string
  /** Parameters for the journal, without credentials. */
  parameters?(request: SimulatedRequest): unknown
  handle(request: SimulatedRequest): Promise<SimulatedResponse> | SimulatedResponse
  /** Answers a request for a tunnel: a stream that takes what the client sends, or a refusal. */
  tunnel?(request: SimulatedRequest): Tunnel | SimulatedResponse
  /** An error of this API in the format that the request's protocol has. */
  error(status: number, code: string, message: string, request: SimulatedRequest): SimulatedResponse
}

/** What lies behind a WebSocket whose messages begin with the number of a channel, as the kubelet's streaming server has them. */
export interface Tunnel {
  /** That the server speaks. */
  readonly protocol: string
  open(socket: WebSocket): void
}
