import { PrebakeError } from '@prebake/kernel'
import type { Pointer } from './ports/pointers.ts'

/**
 * Asks of each pointer whether it may be written; writes nothing. For before an hour of baking, and before the first of several writes.
 * @throws what the one pointer throws that may not be written; for more than one, PrebakeError with the words of all.
 */
export async function probePointers(pointers: readonly Pointer[], signal: AbortSignal): Promise<void> {
  const outcomes = await Promise.allSettled(pointers.map((pointer) => pointer.probe(signal)))
  const refusals = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (refusals.length === 0) return
  if (refusals.length === 1 || signal.aborted) throw refusals[0]
  const words = refusals.map((error) => (error instanceof Error ? error.message : String(error)))
  const hints = refusals.flatMap((error) => (error instanceof PrebakeError && error.hint !== undefined ? [error.hint] : []))
  throw new PrebakeError(words.join('\n'), { hint: hints.join('\n'), cause: refusals[0] })
}
