import type { Setting, StartupSetup } from './startup-setup.ts'

/** Of a region: the sum of all initialization rates (EBS user guide, "Provisioned Rate for Volume Initialization", quota). */
const rateQuotaMiBps = 5000

/** Volumes that one snapshot can restore fast at once in a zone: its bucket of credits (EBS user guide, "Volume creation credits"). */
export const restoreCredits = (volumeGiB: number): number => Math.max(1, Math.min(10, Math.floor(1024 / volumeGiB)))

export interface Limits {
  /** Why EBS would refuse the setting. */
  readonly refused: readonly string[]
  /** What may make a start slower than predicted. */
  readonly warnings: readonly string[]
}

/**
 * What EBS and its quotas say of a setting. gp3: 3,000 to 80,000 IOPS and at most 500 for each GiB; 125 to 2,000 MiB/s and at most 0.25 for each IOPS (EBS user
 * guide, "General Purpose SSD volumes").
 */
export function limitsOf(setup: StartupSetup, { bake, hydration, iops, throughputMiBps }: Setting): Limits {
  const { volumeGiB, replicas, zones } = setup
  const refused: string[] = []
  const warnings: string[] = []
  if (throughputMiBps < 125 || throughputMiBps > 2000) refused.push(`gp3 has 125 to 2,000 MiB/s, not ${throughputMiBps}`)
  if (iops < 3000 || iops > Math.min(80_000, Math.max(3000, 500 * volumeGiB)))
    refused.push(`gp3 of ${volumeGiB} GiB cannot have ${iops} IOPS`)
  if (throughputMiBps > iops / 4) refused.push(`${throughputMiBps} MiB/s need ${throughputMiBps * 4} IOPS`)
  if (bake === 'none' && hydration.kind !== 'lazy') refused.push('without a snapshot there is nothing to initialize')
  if (hydration.kind === 'rate') {
    if (hydration.mibps < 100 || hydration.mibps > 300) refused.push(`the initialization rate is 100 to 300 MiB/s, not ${hydration.mibps}`)
    const sum = hydration.mibps * replicas
    if (sum > rateQuotaMiBps)
      refused.push(`${replicas} volumes at ${hydration.mibps} MiB/s exceed the quota of ${rateQuotaMiBps} MiB/s of a region`)
  }
  if (hydration.kind === 'fast-restore') {
    const perZone = Math.ceil(replicas / zones)
    const credits = restoreCredits(volumeGiB)
    if (perZone > credits)
      warnings.push(`${perZone} volumes in a zone, but ${credits} credits of Fast Snapshot Restore: the others are restored lazily`)
    warnings.push('a snapshot has no credits until Fast Snapshot Restore has been on for about an hour')
  }
  return { refused, warnings }
}
