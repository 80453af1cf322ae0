import { appendToRunnerFile, keyValueEntry } from './runner-file.ts'

/** The values of an action's outputs; `Names` is the list that stands in its action.yml. */
export type OutputValues<Names extends readonly string[]> = Readonly<Partial<Record<Names[number], string | number | boolean>>>

/**
 * Sets outputs of the step; an output that is set again takes the later value.
 * `names` types the values, so that an output which action.yml does not declare is refused by the compiler.
 * @throws PrebakeError when GITHUB_OUTPUT cannot be written.
 */
export function setOutputs<const Names extends readonly string[]>(names: Names, values: OutputValues<Names>, env: NodeJS.ProcessEnv): void {
  const entries = names.flatMap((name: Names[number]) => {
    const value = values[name]
    return value === undefined ? [] : [keyValueEntry(name, String(value))]
  })
  appendToRunnerFile(env, 'GITHUB_OUTPUT', entries.join(''))
}
