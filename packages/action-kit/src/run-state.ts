import * as core from '@actions/core'
import { PrebakeError } from '@prebake/kernel'
import type { ActionErrorCode } from './error-codes.ts'

/** State that `main` passes to `post`. */
export interface RunState<Name extends string> {
  /**
   * Write-ahead: on return, the values are in the runner's file, which the runner reads even if the step is killed. Save the name of a resource before
   * creating it.
   */
  save(values: Readonly<Partial<Record<Name, string>>>): void
  /** The saved values: in `post` those of `main`, in `main` its own so far. */
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
        throw new PrebakeError("Save the state for the cleanup: the runner's file cannot be written.", {
          code: 'runner-file-unwritable' satisfies ActionErrorCode,
          hint: "Check the runner's disk.",
          cause,
        })
      }
      Object.assign(saved, values)
    },
    read: () => ({ ...saved }),
  }
}
