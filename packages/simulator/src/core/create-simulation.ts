import { scriptFaults, type Fault } from './faults.ts'
import { openJournal } from './journal.ts'
import type { Simulation } from './serve.ts'
import { seededRandom, simulatedClock } from './world.ts'

export interface SimulationOptions {
  /** Simulated seconds per real second. */
  readonly rate: number
  /** Makes what is random repeatable (default 1). */
  readonly seed?: number
  readonly faults?: readonly Fault[]
  /** Gets every request of every server, one JSON object per line. */
  readonly journalFile?: string
}

/** A new world: its clock begins now, its journal is empty. */
export function createSimulation({ rate, seed = 1, faults = [], journalFile }: SimulationOptions): Simulation {
  return { clock: simulatedClock(rate), journal: openJournal(journalFile), faultFor: scriptFaults(faults), random: seededRandom(seed) }
}
