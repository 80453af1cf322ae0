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
  readonly checks: readonly Check<F>[]
}

export type Check<F extends Fields> = (inputs: InputsOf<F>) => readonly Problem[]

/** The result of `readInputs` for a schema. */
export type Inputs<S> = S extends InputSchema<infer F> ? InputsOf<F> : never

/**
 * Declares an action's inputs by their names in action.yml. A check runs only where every input that it reads is valid: several small ones find more at once than
 * a large one.
 */
export function defineInputs<const F extends Fields>(
  fields: F,
  { check = [] }: { readonly check?: Check<F> | readonly Check<F>[] } = {},
): InputSchema<F> {
  return { fields, checks: typeof check === 'function' ? [check] : check }
}

/** `kms-key-id` → `kmsKeyId`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name

export function camelCase<const Name extends string>(name: Name): CamelCase<Name> {
  return name.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase()) as CamelCase<Name>
}
