import { field, type Field, type Presence, type Present } from './field.ts'

/** A text that must not be seen: masked in the log, or those parts of it that `secretsIn` names where the rest may be read. */
export function secret<const P extends Presence<string> & { readonly secretsIn?: (text: string) => readonly string[] }>(
  options?: P,
): Field<Present<string, P>> {
  return field((options ?? {}) as P, (value) => ({ value }), options?.secretsIn ?? ((text) => [text]))
}
