import type { Range } from './range.ts'
import { coefficients } from './coefficients.ts'

/**
 * CPU seconds against the profiler's EPYC 9354, by instance family. p4d: its A100 host, 10 s of bootstrap against 8.4. p5: its Xeon 8568Y+, 11.6 s. The others
 * have no published figure of the CPU alone: their range is believed from the age of their cores, and a measured start narrows it (`learnCpuFactor`).
 */
const cpuFactors: Readonly<Record<string, Range>> = {
  p4d: { best: 1.1, expected: 1.2, worst: 1.4 },
  p5: { best: 1.2, expected: 1.4, worst: 1.6 },
  g4dn: { best: 1.3, expected: 1.8, worst: 2.6 },
  g5: { best: 1.2, expected: 1.7, worst: 2.4 },
}

/** How much longer an instance type's CPU takes than the profiler's. */
export function cpuFactorOf(instanceType: string): Range {
  return cpuFactors[instanceType.split('.')[0] ?? ''] ?? coefficients.cpuUnknown
}
