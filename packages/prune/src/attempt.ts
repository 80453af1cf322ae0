import { CancelledError, PrebakeError } from '@prebake/kernel'

export interface Failure {
  /** `Delete snap-0abc`. */
  readonly tried: string
  readonly error: PrebakeError
}

/** Does one thing and notes its failure, so that the others are done all the same. @returns whether it succeeded */
export type Attempt = (tried: string, work: () => Promise<unknown>) => Promise<boolean>

export function collectFailures(signal: AbortSignal): { readonly attempt: Attempt; readonly failures: readonly Failure[] } {
  const failures: Failure[] = []
  const attempt: Attempt = async (tried, work) => {
    try {
      await work()
      return true
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
      failures.push({ tried, error })
      return false
    }
  }
  return { attempt, failures }
}
