import { PrebakeError } from '@prebake/kernel'

/** The answer; undefined too where it cannot be had: what it is for must not end a rollout. @throws CancelledError, and faults of our own. */
export async function unlessUnreadable<T>(answer: Promise<T> | undefined, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (signal.aborted || !(error instanceof PrebakeError)) throw error
    return undefined
  }
}
