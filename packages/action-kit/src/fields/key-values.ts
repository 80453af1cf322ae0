import { noSecrets, type Fault, type Field } from './field.ts'
import type { Form } from './text.ts'

export interface KeyValueOptions {
  /** What a key must be. */
  readonly key: Form
  /** Refuses a value that is empty or in quotes: where values are used as they stand, both are mistakes. */
  readonly strict?: boolean
}

/**
 * `key=value` lines as a record. What comes after the first `=` is the value; spaces at its ends are dropped, and so are blank lines and lines that begin
 * with `#`. A message quotes no more of a line than what comes before the first `=`, `:` or space, since the rest may be a secret.
 */
export function keyValues({ key: form, strict = false }: KeyValueOptions): Field<Readonly<Record<string, string>>> {
  const judge = (line: string, key: string, value: string | undefined, isKnown: boolean): Fault | undefined => {
    const start = `the line that begins with \`${/^[^=:\s]*/.exec(line)?.[0] ?? ''}\``
    if (value === undefined) return { wrong: `${start} is not \`key=value\`.`, remedy: 'Write one `key=value` a line.' }
    if (!form.pattern.test(key)) return { wrong: `${start} has a key that is not ${form.words}.`, remedy: 'Write one `key=value` a line.' }
    if (isKnown) return { wrong: `${key} is there twice.`, remedy: 'Remove one of the two.' }
    if (strict && value === '') return { wrong: `${key} has an empty value.`, remedy: 'Give it a value, or remove the line.' }
    if (strict && /^(["']).*\1$/s.test(value))
      return { wrong: `${key} has a value in quotes.`, remedy: 'Remove them: values are taken literally, quotes included.' }
    return undefined
  }
  return {
    required: false,
    default: undefined,
    secretsIn: noSecrets,
    absent: {},
    parse(text) {
      const values = new Map<string, string>()
      const faults: Fault[] = []
      for (const line of text.split(/\r\n|\r|\n/).map((each) => each.trim())) {
        if (line === '' || line.startsWith('#')) continue
        const [, key = '', value] = /^([^=]*?)\s*=\s*(.*)$/.exec(line) ?? []
        const fault = judge(line, key, value, values.has(key))
        if (fault === undefined) values.set(key, value ?? '')
        else faults.push(fault)
      }
      return faults.length > 0 ? { faults } : { value: Object.fromEntries(values) }
    },
  }
}
