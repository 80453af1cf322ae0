import { appendToRunnerFile, keyValueEntry } from './runner-file.ts'

/** What `main` leaves to `post`. */
export interface RunState<Name extends string> {
  /** Write ahead: when it returns, the values are in the runner's file. Save the name of a thing before it is created. */
  save(values: Readonly<Partial<Record<Name, string>>>): void
  /** What was saved: in `post` all that `main` left, in `main` what it has saved so far. */
  read(): Readonly<Partial<Record<Name, string>>>
}

/** The runner keeps a step's state, also of a cancelled one, and gives it to `post` as `STATE_<name>`. */
export function runState<const Name extends string>(names: readonly Name[], env: NodeJS.ProcessEnv): RunState<Name> {
  const saved: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = env[`STATE_${name}`]
    if (value !== undefined) saved[name] = value
  }
  return {
    save(values) {
      const entries = Object.entries(values) as [Name, string][]
      appendToRunnerFile(env, 'GITHUB_STATE', entries.map(([name, value]) => keyValueEntry(name, value)).join(''))
      Object.assign(saved, values)
    },
    read: () => ({ ...saved }),
  }
}
