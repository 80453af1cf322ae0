import { createSimulation, type SimulationOptions } from '../core/create-simulation.ts'
import type { Journal } from '../core/journal.ts'
import { serve, type RunningServer, type ServerTls } from '../core/serve.ts'
import type { SimulatedClock } from '../core/world.ts'
import { createHub, type HubOptions } from './create-hub.ts'

export type { HubModel } from './repository.ts'

export interface RunningHub extends RunningServer {
  readonly journal: Journal
  readonly clock: SimulatedClock
}

/** Starts a hub on its own, for a test of a client. `rate`: simulated seconds per real second (default 6000). */
export async function startHub(options: HubOptions & Partial<SimulationOptions> & { readonly tls?: ServerTls } = {}): Promise<RunningHub> {
  const simulation = createSimulation({ rate: 6000, ...options })
  const { clock, journal } = simulation
  return { ...(await serve(createHub(simulation, options).service, simulation, options.tls)), journal, clock }
}
