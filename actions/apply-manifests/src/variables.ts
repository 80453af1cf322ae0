import type { Problem } from '@prebake/kernel'
import type { ApplyInputs } from './inputs.ts'

/** The variables' values, and for messages the input that gives each. */
export function readVariables({ snapshotId, variables }: Pick<ApplyInputs, 'snapshotId' | 'variables'>): {
  readonly values: Readonly<Record<string, string>>
  readonly inputOf: Readonly<Record<string, string>>
} {
  const inputOf = { SNAPSHOT_ID: 'snapshot-id', ...Object.fromEntries(Object.keys(variables).map((name) => [name, 'variables'])) }
  return { values: snapshotId === undefined ? variables : { ...variables, SNAPSHOT_ID: snapshotId }, inputOf }
}

/** A snapshot is given once. */
export function judgeVariables(variables: Readonly<Record<string, string>>, snapshotId: string | undefined): readonly Problem[] {
  if (snapshotId === undefined || !Object.hasOwn(variables, 'SNAPSHOT_ID')) return []
  return [{ input: 'variables', wrong: '`SNAPSHOT_ID` is there, and `snapshot-id` too.', remedy: 'Remove one of the two.' }]
}
