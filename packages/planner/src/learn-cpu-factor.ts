import { coefficients } from './coefficients.ts'
import { about, type Range } from './range.ts'

/** Phases that are CPU alone, on a node whose image is in memory, in seconds. */
export interface MeasuredCpuPhases {
  readonly import?: number
  readonly compile?: number
  readonly profile?: number
}

const reference = { import: coefficients.bootstrap, compile: coefficients.compileHit, profile: coefficients.profileHit } as const

/**
 * A host's CPU factor from a measured start with a compile cache: its CPU seconds against the reference's, for the phases that were seen.
 * @returns undefined where none was
 */
export function learnCpuFactor(measured: MeasuredCpuPhases): Range | undefined {
  const seen = (Object.keys(reference) as (keyof typeof reference)[]).filter((phase) => measured[phase] !== undefined)
  if (seen.length === 0) return undefined
  const sum = (of: (phase: keyof typeof reference) => number) => seen.reduce((total, phase) => total + of(phase), 0)
  return about(sum((phase) => measured[phase] ?? 0) / sum((phase) => reference[phase].expected))
}
