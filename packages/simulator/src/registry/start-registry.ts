import { scriptFaults, type Fault } from '../core/faults.ts'
import { openJournal, type Journal } from '../core/journal.ts'
import { serve, type RunningServer } from '../core/serve.ts'
import { seededRandom, simulatedClock } from '../core/world.ts'
import { createRegistry, type RegistryOptions } from './create-registry.ts'

export interface RunningRegistry extends RunningServer {
  readonly journal: Journal
}

/** Starts a registry on its own, for a test of a client. */
export async function startRegistry(options: RegistryOptions & { faults?: readonly Fault[] } = {}): Promise<RunningRegistry> {
  const journal = openJournal()
  const simulation = { clock: simulatedClock(6000), journal, faultFor: scriptFaults(options.faults ?? []), random: seededRandom(1) }
  return { ...(await serve(createRegistry(simulation, options).service, simulation)), journal }
}
