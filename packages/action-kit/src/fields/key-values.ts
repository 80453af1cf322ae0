import { noSecrets, type Fault, type Field } from './field.ts'
import type { Form } from './text.ts'

export interface KeyValueOptions {
  /** The form of a key. */
  readonly key: Form
  /** Refuses a value that is empty or in quotes: if values are used literally, both are mistakes. */
  readonly strict?: boolean
}

/**
 * `key=value` lines as a record. The value is the text after the first `=`, trimmed; blank lines and lines that start with `#` are ignored. A message
 * quotes only the text before the first `=`, `:` or space of a line, because the rest may be a secret.
 */
export function keyValues({ key: form, strict = false }: KeyValueOptions): Field<Readonly<Record<string, string>>> {
  const judge = (line: string, key: string, value: string | undefined, isKnown: boolean): Fault | undefined => {
    const start = `the line that starts with \`${/^[^=:\s]*/.exec(line)?.[0] ?? ''}\``
    if (value === undefined) return { wrong: `${start} is not \`key=value\`.`, remedy: 'Write one `key=value` per line.' }
    if (!form.pattern.test(key))
      return { wrong: `${start} has a key that is not ${form.words}.`, remedy: 'Write one `key=value` per line.' }
    if (isKnown) return { wrong: `${key} is given twice.`, remedy: 'Remove one of the two.' }
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
