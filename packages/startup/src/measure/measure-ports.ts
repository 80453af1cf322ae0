import type { Clock, ExplainTrouble, Reporter } from '@prebake/kernel'
import type { Completions } from '../ports/completions.ts'
import type { Workload } from '../ports/workload.ts'

export interface MeasurePorts {
  readonly workload: Workload
  readonly clock: Clock
  readonly reporter: Reporter
  /** Left out: no first token is measured. */
  readonly completions?: Completions
  /** Left out: pods that do not become Ready have the phase in which they hang, and no cause. */
  readonly explainTrouble?: ExplainTrouble
}
