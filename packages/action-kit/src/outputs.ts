import * as core from '@actions/core'
import { PrebakeError } from '@prebake/kernel'
import type { ActionErrorCode } from './error-codes.ts'

/** The values of an action's outputs; `Names` is the list in its action.yml. */
export type OutputValues<Names extends readonly string[]> = Readonly<Partial<Record<Names[number], string | number | boolean>>>

/**
 * Sets outputs of the step. If an output is set twice, the later value wins.
 * `names` types the values, so that the compiler rejects an output that action.yml does not declare.
 * @throws PrebakeError if the runner's file cannot be written.
 */
export function setOutputs<const Names extends readonly string[]>(names: Names, values: OutputValues<Names>): void {
  try {
    for (const name of names as readonly Names[number][]) if (values[name] !== undefined) core.setOutput(name, String(values[name]))
  } catch (cause) {
    const code = 'runner-file-unwritable' satisfies ActionErrorCode
    throw new PrebakeError("Set the outputs: the runner's file cannot be written.", { code, hint: "Check the runner's disk.", cause })
  }
}
