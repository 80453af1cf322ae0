import type { Prices } from './list-prices.ts'

export interface VolumeSettings {
  readonly sizeGiB: number
  readonly iops: number
  /** MiB/s. */
  readonly throughputMiBps: number
}

/**
 * A gp3 volume for a month, in dollars: its size, and what is above 3,000 IOPS and 125 MiB/s
 * (EBS pricing page, "General Purpose SSD (gp3) - Provisioned Performance").
 */
export function volumeMonthlyDollars({ sizeGiB, iops, throughputMiBps }: VolumeSettings, prices: Prices): number {
  return (
    sizeGiB * prices['gp3-gib-month'] +
    Math.max(0, iops - 3000) * prices['gp3-iops-month'] +
    Math.max(0, throughputMiBps - 125) * prices['gp3-mibps-month']
  )
}

/** A snapshot for a month, in dollars, by the blocks that it stores: every bake starts from an empty volume, so it shares none with another. */
export function snapshotMonthlyDollars(storedGiB: number, prices: Prices): number {
  return storedGiB * prices['snapshot-gib-month']
}
