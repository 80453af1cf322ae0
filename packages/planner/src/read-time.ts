import { coefficients } from './coefficients.ts'
import type { Case } from './range.ts'
import type { Setting, StartupSetup } from './startup-setup.ts'

const MiB = 2 ** 20
const toMBps = (mibps: number): number => (mibps * MiB) / 1e6

/** The volume of one start. */
export interface Volume {
  readonly setting: Setting
  readonly setup: StartupSetup
  /** Seconds after the pod's creation at which it began to fill; undefined: it is full. */
  readonly filledFrom: number | undefined
  /** In 10⁹ bytes. */
  readonly snapshotGB: number
}

export interface Reading {
  readonly seconds: number
  readonly limit: string
}

/**
 * How long it takes to read baked files, and what limits it. Blocks that are there come at the least of volume, instance and IOPS × size of a read; the others
 * as lazily as EBS fetches them. At a provisioned rate the share that is there grows with time, from the volume's creation on; in which order is not known, so
 * it is taken as even. The time is the one solution of T = bytes × (f / full + (1 − f) / lazy), with f the share at half of T (facts: cold-start.md, "Planner
 * model"; aws-pitfalls B17).
 * @param at seconds after the pod's creation
 */
export function readTime(volume: Volume, gigabytes: number, at: number, size: 'mmap' | 'stream', pick: Case): Reading {
  const { setting, setup } = volume
  const readKiB = (size === 'mmap' ? coefficients.mmapReadKiB : coefficients.largeReadKiB)[pick]
  const byVolume = toMBps(setting.throughputMiBps)
  const byIops = (setting.iops * readKiB * 1024) / 1e6
  const full = Math.min(byVolume, setup.ebsMBps, byIops)
  const lazy = Math.min(full, coefficients.lazyMBps[pick])
  const needed = (seconds: number) => {
    const share = hydratedShare(volume, at + seconds / 2)
    return gigabytes * 1000 * (share / full + (1 - share) / lazy)
  }
  // `needed` falls with time: bisection finds where it equals it.
  let [low, high] = [0, needed(0)]
  while (high - low > 0.001) {
    const middle = (low + high) / 2
    if (needed(middle) > middle) low = middle
    else high = middle
  }
  const there = hydratedShare(volume, at + high / 2)
  if (there <= 0.98 && lazy < full) return { seconds: high, limit: `${Math.round(there * 100)} % of the volume filled` }
  const narrowest =
    full === byVolume ? "the volume's throughput" : full === byIops ? `IOPS × reads of ${readKiB} KiB` : "the instance's EBS bandwidth"
  return { seconds: high, limit: `${narrowest}, ${Math.round(full)} MB/s` }
}

/** How much of the snapshot has arrived by then, 0 to 1. */
export function hydratedShare({ setting, filledFrom, snapshotGB }: Volume, at: number): number {
  const { hydration } = setting
  if (filledFrom === undefined || hydration.kind === 'fast-restore') return 1
  if (hydration.kind === 'lazy') return 0
  return Math.max(0, Math.min(1, (toMBps(hydration.mibps) * (at - filledFrom)) / (snapshotGB * 1000)))
}
