/** How long something takes: when all goes well, as expected, and when nothing does. */
export interface Range {
  readonly best: number
  readonly expected: number
  readonly worst: number
}

export type Case = keyof Range

export const cases: readonly Case[] = ['best', 'expected', 'worst']

/** A range of which only the expectation is known: ten percent either way. */
export const about = (expected: number): Range => ({ best: expected * 0.9, expected, worst: expected * 1.1 })
