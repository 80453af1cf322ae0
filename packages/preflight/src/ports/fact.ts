/** The result of looking something up outside the manifests: its value (undefined: not there), or why it could not be looked up. */
export type Fact<T> = { readonly value: T } | { readonly unchecked: string }

/** The value of a fact that was looked up and could be read; undefined for all others. */
export function valueOf<T>(fact: Fact<T> | undefined): T | undefined {
  return fact !== undefined && 'value' in fact ? fact.value : undefined
}

/** Whether it was looked up, and is not there. */
export function isAbsent(fact: Fact<unknown> | undefined): boolean {
  return fact !== undefined && 'value' in fact && fact.value === undefined
}
