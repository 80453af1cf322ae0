import * as core from '@actions/core'
import { PrebakeError } from '@prebake/kernel'

/** The values of an action's outputs; `Names` is the list in its action.yml. */
export type OutputValues<Names extends readonly string[]> = Readonly<Partial<Record<Names[number], string | number | boolean>>>

/**
 * Sets outputs of the step; an output that is set again takes the later value.
 * `names` types the values, so that the compiler refuses an output which action.yml does not declare.
 * @throws PrebakeError when the runner's file cannot be written.
 */
export function setOutputs<const Names extends readonly string[]>(names: Names, values: OutputValues<Names>): void {
  try {
    for (const name of names as readonly Names[number][]) if (values[name] !== undefined) core.setOutput(name, String(values[name]))
  } catch (cause) {
    throw new PrebakeError("Set the outputs: the runner's file cannot be written.", { hint: "Check the runner's disk.", cause })
  }
}
