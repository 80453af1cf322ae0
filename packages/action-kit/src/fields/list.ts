import { noSecrets, type Field } from './field.ts'

/** One entry per line, trimmed; blank lines and lines that start with `#` are ignored. Default: the empty list. */
export function list(options: { readonly required?: boolean; readonly default?: string } = {}): Field<readonly string[]> {
  const required = options.required ?? false
  return {
    required,
    default: options.default,
    secretsIn: noSecrets,
    absent: [],
    parse(text) {
      const value = text
        .split(/\r\n|\r|\n/)
        .map((line) => line.trim())
        .filter((line) => line !== '' && !line.startsWith('#'))
      return required && value.length === 0 ? { wrong: 'has no entry.', remedy: 'Give one entry per line.' } : { value }
    },
  }
}
