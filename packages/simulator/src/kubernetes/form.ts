import messages from '../../fixtures/kubernetes/messages.json' with { type: 'json' }
import vllmLog from '../../fixtures/kubernetes/vllm-log.json' with { type: 'json' }

/** A message with gaps: `Created pod: {pod}`. */
export type Form = string

const formsOf = <Name extends string>(traced: Readonly<Record<Name, { readonly form: Form }>>): Readonly<Record<Name, Form>> =>
  Object.fromEntries(Object.entries<{ readonly form: Form }>(traced).map(([name, { form }]) => [name, form])) as Record<Name, Form>

/** Every message of an event or a condition that the simulated cluster writes. The file has the source of each. */
export const messageForms = formsOf(messages)

/**
 * The log of `vllm serve` 0.33.0 with one GPU and the V2 model runner, line by line. `{stamp}` has neither year nor zone. Progress bars, uvicorn and
 * Python's own lines carry no tag.
 */
export const logForms = formsOf(vllmLog)

/** Fills the gaps. @throws Error when one has no value: a fault of the simulator. */
export function fill(form: Form, values: Readonly<Record<string, string | number>> = {}): string {
  return form.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for {${name}} in "${form}"`)
    return String(value)
  })
}
