import { PrebakeError } from '@prebake/kernel'

/** Another client has changed what this run rolls out, so it can neither succeed nor be rolled back. */
export class SupersededError extends PrebakeError {}

/** A rollout that failed after something was applied. */
export class FailedRollout extends PrebakeError {
  /** Whether what served before serves again. */
  readonly rolledBack: boolean

  constructor(message: string, options: { readonly rolledBack: boolean; readonly hint?: string; readonly cause?: unknown }) {
    super(message, options)
    this.rolledBack = options.rolledBack
  }
}
