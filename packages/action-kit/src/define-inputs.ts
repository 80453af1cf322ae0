import type { Problem } from '@prebake/kernel'
import type { Field } from './fields/field.ts'

export type Fields = Readonly<Record<string, Field<unknown>>>

/** The values of an action's inputs, keyed in camelCase. */
export type InputsOf<F extends Fields> = {
  readonly [Name in keyof F & string as CamelCase<Name>]: F[Name] extends Field<infer T> ? T : never
}

export interface InputSchema<F extends Fields = Fields> {
  readonly fields: F
  /** Problems between inputs that are each valid. */
  readonly check: (inputs: InputsOf<F>) => readonly Problem[]
}

/** The result of `readInputs` for a schema. */
export type Inputs<S> = S extends InputSchema<infer F> ? InputsOf<F> : never

/** Declares an action's inputs by their names in action.yml. `check` runs only if each input is valid. */
export function defineInputs<const F extends Fields>(
  fields: F,
  options: { readonly check?: (inputs: InputsOf<F>) => readonly Problem[] } = {},
): InputSchema<F> {
  return { fields, check: options.check ?? (() => []) }
}

/** `kms-key-id` → `kmsKeyId`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name

export function camelCase<const Name extends string>(name: Name): CamelCase<Name> {
  return name.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase()) as CamelCase<Name>
}
