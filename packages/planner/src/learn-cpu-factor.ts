import { coefficients } from './coefficients.ts'
import { about, type Range } from './range.ts'

/** Phases that are CPU alone, on a node whose image is in memory, in seconds. */
export interface MeasuredCpuPhases {
  readonly import?: number
  readonly compile?: number
  readonly profile?: number
}

/** Seconds of each on the reference's host. */
const references = (compileCache: boolean): Readonly<Required<MeasuredCpuPhases>> => ({
  import: coefficients.bootstrap.expected,
  compile: coefficients.compileHit.expected + (compileCache ? 0 : coefficients.compileMiss.expected),
  profile: (compileCache ? coefficients.profileHit : coefficients.profileMiss).expected,
})

/**
 * A host's CPU factor from a measured start: its CPU seconds against the reference's, for the phases that were seen.
 * @param compileCache whether the start found one
 * @returns undefined where no phase was seen
 */
export function learnCpuFactor(measured: MeasuredCpuPhases, compileCache: boolean): Range | undefined {
  const reference = references(compileCache)
  const seen = (['import', 'compile', 'profile'] as const).filter((phase) => measured[phase] !== undefined)
  if (seen.length === 0) return undefined
  const sum = (of: (phase: keyof MeasuredCpuPhases) => number) => seen.reduce((total, phase) => total + of(phase), 0)
  return about(sum((phase) => measured[phase] ?? 0) / sum((phase) => reference[phase]))
}
