/** A message with gaps: `Created pod: {pod}`. */
export type Form = string

/** Fills the gaps. @throws Error when one has no value: a fault of the simulator. */
export function fill(form: Form, values: Readonly<Record<string, string | number>> = {}): string {
  return form.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for {${name}} in "${form}"`)
    return String(value)
  })
}

/** What every filled form looks like. */
export const patternOf = (form: Form): RegExp =>
  new RegExp(
    `^${form
      .split(/\{\w+\}/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.+')}$`,
    's',
  )
