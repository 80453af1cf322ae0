import { PrebakeError } from '@prebake/kernel'
import type { Failure } from './attempt.ts'
import type { PruneErrorCode } from './error-codes.ts'

/** The error for what could not be removed; undefined where everything could. */
export function failedPruning(failures: readonly Failure[]): PrebakeError | undefined {
  if (failures.length === 0) return undefined
  const hints = new Set(failures.flatMap(({ error }) => error.hint ?? []))
  const hint = [...hints, 'What could be removed is removed. Run again once the cause is gone.'].join('\n')
  const code = 'prune-incomplete' satisfies PruneErrorCode
  return new PrebakeError(failures.map(({ tried, error }) => `${tried}: ${error.message}`).join('\n'), {
    code,
    hint,
    cause: failures[0]?.error,
  })
}
