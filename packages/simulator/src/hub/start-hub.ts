import { scriptFaults, type Fault } from '../core/faults.ts'
import { openJournal, type Journal } from '../core/journal.ts'
import { serve, type RunningServer } from '../core/serve.ts'
import { seededRandom, simulatedClock, type SimulatedClock } from '../core/world.ts'
import { createHub, type HubOptions } from './create-hub.ts'

export interface RunningHub extends RunningServer {
  readonly journal: Journal
  readonly clock: SimulatedClock
}

/** Starts a hub on its own, for a test of a client. `rate`: simulated seconds per real second (default 6000). */
export async function startHub(options: HubOptions & { rate?: number; faults?: readonly Fault[] } = {}): Promise<RunningHub> {
  const clock = simulatedClock(options.rate ?? 6000)
  const journal = openJournal()
  const simulation = { clock, journal, faultFor: scriptFaults(options.faults ?? []), random: seededRandom(1) }
  return { ...(await serve(createHub(simulation, options).service, simulation)), journal, clock }
}
