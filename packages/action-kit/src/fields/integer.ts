import { field, type Field, type Presence, type Present } from './field.ts'

export interface Range {
  readonly min?: number
  readonly max?: number
  /** For messages: "GiB". */
  readonly unit?: string
}

/** A whole number in decimal digits, within its range; without a `min` not below zero. */
export function integer<const P extends Presence<number> & Range>(options?: P): Field<Present<number, P>> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, unit }: Range = options ?? {}
  const remedy = `Give a whole number${unit ? ` of ${unit}` : ''}, ${max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`}.`
  return field((options ?? {}) as P, (text) => {
    const value = Number(text)
    if (!/^-?\d+$/.test(text)) return { wrong: `\`${text}\` is not a whole number.`, remedy }
    if (value < min || value > max) return { wrong: `${text} is out of range.`, remedy }
    return { value }
  })
}
