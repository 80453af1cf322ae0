import * as core from '@actions/core'
import { PrebakeError } from '@prebake/kernel'

/** What `main` leaves to `post`. */
export interface RunState<Name extends string> {
  /**
   * Write ahead: when it returns, the values are in the runner's file, which the runner reads even of a step that was killed. Save the name of a thing
   * before it is created.
   */
  save(values: Readonly<Partial<Record<Name, string>>>): void
  /** What was saved: in `post` all that `main` left, in `main` what it has saved so far. */
  read(): Readonly<Partial<Record<Name, string>>>
}

/** The step's state, typed by the names that an action uses. */
export function runState<const Name extends string>(names: readonly Name[]): RunState<Name> {
  const saved: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const value = core.getState(name)
    if (value !== '') saved[name] = value
  }
  return {
    save(values) {
      try {
        for (const [name, value] of Object.entries<string | undefined>(values)) core.saveState(name, value)
      } catch (cause) {
        throw new PrebakeError("Save what cleanup will need: the runner's file cannot be written.", {
          hint: "Check the runner's disk.",
          cause,
        })
      }
      Object.assign(saved, values)
    },
    read: () => ({ ...saved }),
  }
}
