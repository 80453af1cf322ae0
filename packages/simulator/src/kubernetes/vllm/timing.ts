import { timings } from '../../timings.ts'
import type { DataVolume } from '../cluster.ts'
import type { Container } from '../objects.ts'

/** The first probe at or after `from` that runs at `startedAt` + delay + n × period (10 s where nothing is said). Milliseconds. */
export function firstProbe(
  { initialDelaySeconds = 0, periodSeconds = 10 }: NonNullable<Container['startupProbe']>,
  startedAt: number,
  from: number,
): number {
  const first = startedAt + initialDelaySeconds * 1000
  const period = periodSeconds * 1000
  return from <= first ? first : first + Math.ceil((from - first) / period) * period
}

/**
 * Seconds to read `bytes` from a data volume at the time `at` (milliseconds).
 *
 * A volume from a snapshot is filled ahead of need at its initialization rate, from the moment it is attached; a block that is not there yet is fetched
 * when it is read, slowly. In which order AWS fills it is not known, so every block counts as equally likely to be there:
 *
 *     present = min(1, rate × (at − attached) / baked)        without a rate: 0, on a volume without a snapshot: 1
 *     seconds = present × bytes / disk + (1 − present) × bytes / min(disk, lazy)
 *     disk    = min(throughput of the volume, EBS bandwidth of the instance)
 *
 * `baked` is what the snapshot holds: the model and the unpacked image. The page cache, and that reading fills the volume too, are left out.
 */
export function readSeconds(volume: DataVolume, { bytes, baked, at }: { bytes: number; baked: number; at: number }): number {
  const disk = volume.bytesPerSecond
  const lazy = Math.min(disk, 1e9 / timings.lazyGigabyte.seconds)
  const filled = ((volume.initializationBytesPerSecond ?? 0) * (at - volume.attachedAt)) / 1000
  const present = volume.fromSnapshot ? Math.min(1, filled / baked) : 1
  return (present * bytes) / disk + ((1 - present) * bytes) / lazy
}
