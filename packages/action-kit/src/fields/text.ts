import { field, type Field, type Presence, type Present } from './field.ts'

export interface Form {
  readonly pattern: RegExp
  /** Completes "is not …": "a snapshot ID, such as `snap-0123456789abcdef0`". */
  readonly words: string
}

/** A text, trimmed. With a `form`, only a text of that form. */
export function text<const P extends Presence<string> & { readonly form?: Form }>(options?: P): Field<Present<string, P>> {
  const form = options?.form
  return field((options ?? {}) as P, (value) =>
    form && !form.pattern.test(value) ? { wrong: `\`${value}\` is not ${form.words}.`, remedy: 'Give a value of that form.' } : { value },
  )
}

/** A text that is masked in the log: all of it, or the parts that `secretsIn` returns. */
export function secret<const P extends Presence<string> & { readonly secretsIn?: (text: string) => readonly string[] }>(
  options?: P,
): Field<Present<string, P>> {
  return field((options ?? {}) as P, (value) => ({ value }), options?.secretsIn ?? ((text) => [text]))
}
