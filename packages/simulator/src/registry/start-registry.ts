import { createSimulation, type SimulationOptions } from '../core/create-simulation.ts'
import type { Journal } from '../core/journal.ts'
import { serve, type RunningServer, type ServerTls } from '../core/serve.ts'
import { createRegistry, type RegistryOptions } from './create-registry.ts'

export interface RunningRegistry extends RunningServer {
  readonly journal: Journal
}

/** Starts a registry on its own, for a test of a client. */
export async function startRegistry(
  options: RegistryOptions & Partial<SimulationOptions> & { readonly tls?: ServerTls } = {},
): Promise<RunningRegistry> {
  const simulation = createSimulation({ rate: 6000, ...options })
  return { ...(await serve(createRegistry(simulation, options).service, simulation, options.tls)), journal: simulation.journal }
}
