import { field, type Field, type Presence, type Present } from './field.ts'

export interface Form {
  readonly pattern: RegExp
  /** Completes "is not …": "a snapshot ID, such as `snap-0123456789abcdef0`". */
  readonly words: string
}

/** A text, trimmed; with a `form`, only such a text. */
export function text<const P extends Presence<string> & { readonly form?: Form }>(options?: P): Field<Present<string, P>> {
  const form = options?.form
  return field((options ?? {}) as P, (value) =>
    form && !form.pattern.test(value) ? { wrong: `\`${value}\` is not ${form.words}.`, remedy: 'Give one of that form.' } : { value },
  )
}
