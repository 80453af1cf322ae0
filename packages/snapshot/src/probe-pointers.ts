import { messageOf, PrebakeError } from '@prebake/kernel'
import type { SnapshotPointer } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'

/**
 * Checks whether each pointer may be written; writes nothing. Called before an hour of baking, and before the first of several writes.
 * @throws the error of a pointer that may not be written; for several, one PrebakeError with all messages
 */
export async function probePointers(pointers: readonly SnapshotPointer[], signal: AbortSignal): Promise<void> {
  const outcomes = await Promise.allSettled(pointers.map((pointer) => pointer.probe(signal)))
  const refusals = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (refusals.length === 0) return
  if (refusals.length === 1 || signal.aborted) throw refusals[0]
  const messages = refusals.map((error) => messageOf(error))
  const hints = refusals.flatMap((error) => (error instanceof PrebakeError && error.hint !== undefined ? [error.hint] : []))
  throw new PrebakeError(messages.join('\n'), {
    code: 'pointers-not-writable' satisfies SnapshotErrorCode,
    hint: hints.join('\n'),
    cause: refusals[0],
  })
}
