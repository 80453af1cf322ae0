import { createHash } from 'node:crypto'
import { seededRandom } from '../core/world.ts'
import { timings } from '../timings.ts'

/**
 * Chance, but each thing has its own: what is drawn for a pod depends on the seed and the pod alone, not on what was drawn for others before. So the
 * same seed tells the same story, whenever requests happen to arrive.
 */
export interface Draws {
  /** In [0, 1); the same for the same subject. */
  number(subject: string): number
  /** Hex digits, as in AWS's IDs. */
  hex(subject: string, length: number): string
  /** An ending as the API server gives to generated names, `x7k2p`: another for each call with the same prefix. */
  suffix(prefix: string): string
  /** A UUID: another for each call with the same subject. */
  uuid(subject: string): string
}

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

export function createDraws(seed: number): Draws {
  const counts = new Map<string, number>()
  const streamOf = (subject: string) => seededRandom(createHash('sha256').update(`${seed} ${subject}`).digest().readUInt32BE())
  const next = (key: string) => {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return `${key} ${count}`
  }
  const letters = (subject: string, length: number, from: string) => {
    const random = streamOf(subject)
    return Array.from({ length }, () => from[Math.floor(random() * from.length)]).join('')
  }
  const hex = (subject: string, length: number) => letters(subject, length, '0123456789abcdef')
  return {
    number: (subject) => streamOf(subject)(),
    hex,
    suffix: (prefix) => letters(next(`suffix ${prefix}`), 5, alphabet),
    uuid(subject) {
      const digits = hex(next(`uid ${subject}`), 32)
      return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
    },
  }
}

/** Seconds of a delay of the table for one subject (a pod's name, a node's), 12 % more or less. */
export const delayOf = ({ draws }: { readonly draws: Draws }, timing: keyof typeof timings, subject: string): number =>
  timings[timing].seconds * (0.88 + draws.number(`${timing} ${subject}`) * 0.24)
