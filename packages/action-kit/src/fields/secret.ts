import { field, type Field, type Presence, type Present } from './field.ts'

/** A text that must not be seen: each of its lines is masked in the log. */
export function secret<const P extends Presence<string>>(options?: P): Field<Present<string, P>> {
  return field((options ?? {}) as P, (value) => ({ value }), true)
}
