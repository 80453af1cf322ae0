import type { Evidence } from './evidence.ts'

export type Symptom = 'pending' | 'crashing' | 'slow'

/** A cause, with what it rests on. */
export interface Finding {
  /** The rule's ID. */
  readonly rule: string
  readonly symptom: Symptom
  /** What is wrong, as a sentence. */
  readonly cause: string
  /** What to do about it, as a sentence. */
  readonly remedy: string
  /** A command that shows it by hand. */
  readonly check: string
  readonly evidence: readonly Evidence[]
  /**
   * How sure it is: 3, a program's own words about this very pod; 2, what is read of objects that are there; 1, what may cost time or does so in general.
   */
  readonly certainty: 1 | 2 | 3
}

/** The surest first; of equally sure ones what stops a pod before what slows it down, and else in the given order, which goes from special to general. */
export function rankFindings(findings: readonly Finding[]): readonly Finding[] {
  const order: readonly Symptom[] = ['crashing', 'pending', 'slow']
  return findings.toSorted((a, b) => b.certainty - a.certainty || order.indexOf(a.symptom) - order.indexOf(b.symptom))
}
