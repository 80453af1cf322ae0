/** Something that was looked for outside the manifests: what is there (undefined: nothing), or why it could not be looked at. */
export type Fact<T> = { readonly value: T } | { readonly unchecked: string }

/** The value of a fact that was gathered and could be read; undefined for all others. */
export function valueOf<T>(fact: Fact<T> | undefined): T | undefined {
  return fact !== undefined && 'value' in fact ? fact.value : undefined
}

/** Whether it was looked for, and is not there. */
export function isAbsent(fact: Fact<unknown> | undefined): boolean {
  return fact !== undefined && 'value' in fact && fact.value === undefined
}
