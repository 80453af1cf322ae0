import type { Clock, Reporter } from '@prebake/kernel'
import type { Completions } from '../ports/completions.ts'
import type { Workload } from '../ports/workload.ts'

export interface MeasurePorts {
  readonly workload: Workload
  readonly clock: Clock
  readonly reporter: Reporter
  /** Left out: no first token is measured. */
  readonly completions?: Completions
}
