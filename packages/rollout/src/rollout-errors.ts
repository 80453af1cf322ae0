import { PrebakeError, type PrebakeErrorOptions } from '@prebake/kernel'
import type { RolloutErrorCode } from './error-codes.ts'

/** Another client has changed what this run rolls out, so it can neither succeed nor be rolled back. */
export class SupersededError extends PrebakeError {
  constructor(message: string, options: { readonly hint: string }) {
    super(message, { ...options, code: 'rollout-superseded' satisfies RolloutErrorCode })
  }
}

export interface FailedRolloutOptions extends PrebakeErrorOptions {
  readonly code: RolloutErrorCode
  readonly reason: string | undefined
}

/** A rollout that failed after something was applied. Its code says what became of it. */
export class FailedRollout extends PrebakeError {
  /** Code of the failure itself, `node-class-not-ready`; undefined where that has none. */
  readonly reason: string | undefined

  constructor(message: string, options: FailedRolloutOptions) {
    super(message, options)
    this.reason = options.reason
  }

  /** Whether what served before serves again. */
  get rolledBack(): boolean {
    return this.errorCode === ('rollout-rolled-back' satisfies RolloutErrorCode)
  }
}
