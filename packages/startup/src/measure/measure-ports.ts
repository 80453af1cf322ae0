import type { Clock, Reporter } from '@prebake/kernel'
import type { Workload } from '../ports/workload.ts'

export interface MeasurePorts {
  readonly workload: Workload
  readonly clock: Clock
  readonly reporter: Reporter
}
