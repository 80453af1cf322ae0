import type { Problem } from '@prebake/kernel'
import type { CamelCase } from './camel-case.ts'
import type { Field } from './fields/field.ts'

export type Fields = Readonly<Record<string, Field<unknown>>>

/** The values of an action's inputs, keyed in camelCase. */
export type InputsOf<F extends Fields> = {
  readonly [Name in keyof F & string as CamelCase<Name>]: F[Name] extends Field<infer T> ? T : never
}

export interface InputSchema<F extends Fields = Fields> {
  readonly fields: F
  /** What is wrong between inputs that are each right. */
  readonly check: (inputs: InputsOf<F>) => readonly Problem[]
}

/** What `readInputs` gives for a schema. */
export type Inputs<S> = S extends InputSchema<infer F> ? InputsOf<F> : never

/** Declares an action's inputs by the names that stand in its action.yml. `check` is asked only when each input for itself is right. */
export function defineInputs<const F extends Fields>(
  fields: F,
  options: { readonly check?: (inputs: InputsOf<F>) => readonly Problem[] } = {},
): InputSchema<F> {
  return { fields, check: options.check ?? (() => []) }
}
