import type { PlannedApply } from '../plan/planned-apply.ts'

/** What a rollout began, for whoever has to end it if this run is cancelled or killed. As JSON it is the same. */
export interface RolloutRecord {
  readonly run: string
  /** Whether what does not serve is rolled back. */
  readonly rollback: boolean
  readonly force: boolean
  readonly planned: readonly PlannedApply[]
}

export interface RolloutJournal {
  /** Called before the first change: when it returns, the record outlives this process. */
  save(record: RolloutRecord): void
  /** Called when nothing is left to be done. */
  clear(): void
}
