import { noSecrets, type Field } from './field.ts'

/** True or false as YAML 1.2's core schema writes it (https://yaml.org/spec/1.2.2/#10321-tag-resolution); default false. */
export function boolean(options: { readonly default?: boolean } = {}): Field<boolean> {
  const byDefault = options.default ?? false
  return {
    required: false,
    default: String(byDefault),
    secretsIn: noSecrets,
    absent: byDefault,
    parse(text) {
      if (/^(true|True|TRUE)$/.test(text)) return { value: true }
      if (/^(false|False|FALSE)$/.test(text)) return { value: false }
      return { wrong: `\`${text}\` is not a boolean.`, remedy: 'Give `true` or `false`.' }
    },
  }
}
