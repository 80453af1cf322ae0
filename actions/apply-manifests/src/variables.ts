import type { Problem } from '@prebake/kernel'
import type { ApplyInputs } from './inputs.ts'

/** The variables' values, and for messages the input that gives each; `check` has refused every line of another form. */
export function readVariables({ snapshotId, variables }: Pick<ApplyInputs, 'snapshotId' | 'variables'>): {
  readonly values: Readonly<Record<string, string>>
  readonly inputOf: Readonly<Record<string, string>>
} {
  const values = Object.fromEntries(variables.flatMap((line) => splitVariable(line) ?? []))
  const inputOf = { SNAPSHOT_ID: 'snapshot-id', ...Object.fromEntries(Object.keys(values).map((name) => [name, 'variables'])) }
  return { values: snapshotId === undefined ? values : { ...values, SNAPSHOT_ID: snapshotId }, inputOf }
}

export function judgeVariables(variables: readonly string[], snapshotId: string | undefined): readonly Problem[] {
  const seen = new Set<string>()
  return variables.flatMap((line): Problem[] => {
    const problem = (wrong: string, remedy: string) => [{ input: 'variables', wrong, remedy }]
    const [[name] = [undefined]] = splitVariable(line) ?? []
    if (name === undefined)
      return problem(`\`${line.split('=')[0]}\` is not followed by a value.`, 'Write `NAME=value`; a name has letters, digits and `_`.')
    if (seen.has(name)) return problem(`\`${name}\` is there twice.`, 'Remove one of the two.')
    seen.add(name)
    if (name === 'SNAPSHOT_ID' && snapshotId !== undefined)
      return problem('`SNAPSHOT_ID` is there, and `snapshot-id` too.', 'Remove one of the two.')
    return []
  })
}

/** As one entry of a record, or undefined. What comes after the first equals sign is the value, spaces at its ends dropped. */
function splitVariable(line: string): readonly [readonly [name: string, value: string]] | undefined {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/s.exec(line) ?? []
  return name === undefined || value === undefined ? undefined : [[name, value]]
}
