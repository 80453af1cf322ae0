import { availableParallelism, loadavg } from 'node:os'

/** How fast the worlds of a matrix run, and how many at once. */
export interface Pace {
  /** Simulated seconds per real second. */
  readonly rate: number
  readonly lanes: number
}

/**
 * Real shells and processes must keep within limits that simulated seconds set. A build costs some seconds of computing and waits most of its time, so
 * that a machine that is busy with other things does better with more worlds that run slower.
 */
export function paceFor(load = (loadavg()[0] ?? 0) / availableParallelism()): Pace {
  if (load < 1) return { rate: 40, lanes: 5 }
  return load < 3 ? { rate: 30, lanes: 6 } : { rate: 20, lanes: 8 }
}
