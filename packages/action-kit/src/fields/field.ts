/** A problem with an input's text (see `Problem` in the kernel). */
export interface Fault {
  /** Default: `input-malformed`. */
  readonly code?: string
  readonly wrong: string
  readonly remedy: string
}

/** A parsed input: its value, or all problems with its text. */
export type Parsed<T> = { readonly value: T } | Fault | { readonly faults: readonly Fault[] }

/** One input of an action. */
export interface Field<T> {
  readonly required: boolean
  /** As in action.yml. */
  readonly default: string | undefined
  /** The secrets in the text. They are masked in the log before the text is parsed, and never quoted in a message. */
  readonly secretsIn: (text: string) => readonly string[]
  /** `text` is trimmed and not empty. */
  readonly parse: (text: string) => Parsed<T>
  /** The value of an input without text and without default. */
  readonly absent: T
}

/** Whether an input must be given, or its default. */
export type Presence<D> = { readonly required?: boolean; readonly default?: undefined } | { readonly required?: false; readonly default: D }

/** `T` for an input that always has a value, `T | undefined` for an optional one. */
export type Present<T, P> = P extends { readonly required: true } ? T : P extends { readonly default: string | number } ? T : T | undefined

/** For a text without secrets. */
export const noSecrets = (): readonly string[] => []

/** Builds a field. */
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
    // Not used if Present<T, P> is T: such an input has a text, or is a problem.
    absent: undefined as Present<T, P>,
  }
}
