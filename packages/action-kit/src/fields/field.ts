/** What is wrong with an input's text, and what to do about it (see `Problem` in the kernel). */
export interface Fault {
  readonly wrong: string
  readonly remedy: string
}

/** What became of an input's text: a value, or all that is wrong with it. */
export type Parsed<T> = { readonly value: T } | Fault | { readonly faults: readonly Fault[] }

/** One input of an action. */
export interface Field<T> {
  readonly required: boolean
  /** As action.yml must show it. */
  readonly default: string | undefined
  /** What in the text must not be seen: masked in the log before anything is done with it; never quoted in a message. */
  readonly secretsIn: (text: string) => readonly string[]
  /** `text` is trimmed and not empty. */
  readonly parse: (text: string) => Parsed<T>
  /** What an input without text and without default is. */
  readonly absent: T
}

/** Whether an input must be given, or what it is when it is not. */
export type Presence<D> = { readonly required?: boolean; readonly default?: undefined } | { readonly required?: false; readonly default: D }

/** `T` where the input is always there, `T | undefined` where it may be left out. */
export type Present<T, P> = P extends { readonly required: true } ? T : P extends { readonly default: string | number } ? T : T | undefined

/** For a text that may be seen. */
export const noSecrets = (): readonly string[] => []

/** Puts a field together. */
export function field<T, const P extends Presence<string | number>>(
  presence: P,
  parse: (text: string) => Parsed<T>,
  secretsIn: (text: string) => readonly string[] = noSecrets,
): Field<Present<T, P>> {
  return {
    required: presence.required ?? false,
    default: presence.default === undefined ? undefined : String(presence.default),
    secretsIn,
    parse: parse as (text: string) => Parsed<Present<T, P>>,
    // Never seen where Present<T, P> is T: such an input has a text, or is a problem.
    absent: undefined as Present<T, P>,
  }
}
