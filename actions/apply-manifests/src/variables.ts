import type { ApplyInputs } from './inputs.ts'

/** The variables' values, and for messages the input that gives each. */
export function readVariables({ snapshotId, variables }: Pick<ApplyInputs, 'snapshotId' | 'variables'>): {
  readonly values: Readonly<Record<string, string>>
  readonly inputOf: Readonly<Record<string, string>>
} {
  const inputOf = { SNAPSHOT_ID: 'snapshot-id', ...Object.fromEntries(Object.keys(variables).map((name) => [name, 'variables'])) }
  return { values: snapshotId === undefined ? variables : { ...variables, SNAPSHOT_ID: snapshotId }, inputOf }
}
