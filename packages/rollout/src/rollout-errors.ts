import { PrebakeError, type PrebakeErrorOptions } from '@prebake/kernel'
import type { RolloutErrorCode } from './error-codes.ts'
import type { SnapshotFault } from './explain/snapshot-fault.ts'

/** Another client has changed what this run rolls out, so it can neither succeed nor be rolled back. */
export class SupersededError extends PrebakeError {
  constructor(message: string, options: { readonly hint: string }) {
    super(message, { ...options, code: 'rollout-superseded' satisfies RolloutErrorCode })
  }
}

export interface WorkloadFailureOptions extends PrebakeErrorOptions {
  readonly code: RolloutErrorCode
  /** What of it is the snapshot's fault; undefined: nothing that is known. */
  readonly snapshotFault: SnapshotFault | undefined
}

/** A workload that does not become what serves. */
export class WorkloadFailure extends PrebakeError {
  declare readonly errorCode: RolloutErrorCode
  readonly snapshotFault: SnapshotFault | undefined

  constructor(message: string, options: WorkloadFailureOptions) {
    super(message, options)
    this.snapshotFault = options.snapshotFault
  }
}

export interface FailedRolloutOptions extends PrebakeErrorOptions {
  readonly code: RolloutErrorCode
  readonly reason: string | undefined
}

/** A rollout that failed after something was applied. Its code says what became of it. */
export class FailedRollout extends PrebakeError {
  declare readonly errorCode: RolloutErrorCode
  /** Code of the failure itself, `node-class-not-ready`; undefined where that has none. */
  readonly reason: string | undefined

  constructor(message: string, options: FailedRolloutOptions) {
    super(message, options)
    this.reason = options.reason
  }

  /** Whether what served before serves again. */
  get rolledBack(): boolean {
    return this.errorCode === 'rollout-rolled-back'
  }
}
