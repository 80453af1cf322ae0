import { scriptFaults, type Fault, type FaultPlan } from './faults.ts'
import { openJournal } from './journal.ts'
import type { Simulation } from './serve.ts'
import { seededRandom, simulatedClock } from './world.ts'

export interface SimulationOptions {
  /** Simulated seconds per real second, at most: a slow machine gets fewer (`simulatedClock`). */
  readonly rate: number
  /** Makes what is random repeatable (default 1). */
  readonly seed?: number
  /** A script of faults, or a plan that looks at each request itself. */
  readonly faults?: readonly Fault[] | FaultPlan
  /** Gets every request of every server, one JSON object per line. */
  readonly journalFile?: string
}

/** A new world: its clock begins now, its journal is empty. */
export function createSimulation({ rate, seed = 1, faults = [], journalFile }: SimulationOptions): Simulation {
  const faultFor = typeof faults === 'function' ? faults : scriptFaults(faults)
  return { clock: simulatedClock(rate), journal: openJournal(journalFile), faultFor, random: seededRandom(seed) }
}
