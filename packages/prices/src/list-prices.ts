/** The day on which the list prices were read. */
export const pricesRead = '2026-11-24'

/** AWS bills a month of storage as 730 hours on average (365 × 24 / 12). */
export const hoursPerMonth = 730

/**
 * List prices of us-east-1 and us-west-2 in dollars, without taxes and discounts. Other regions ask up to about a half more: give their prices.
 * Sources: EBS pricing page (https://aws.amazon.com/ebs/pricing/) for volumes, snapshots and Fast Snapshot Restore; for provisioned initialization
 * the README of a tool that quotes AWS, "up to $0.0036/GB" at 300 MiB/s, which is 0.000012 for each GiB and MiB/s; EC2 pricing page for g5.2xlarge.
 */
export const listPrices = {
  /** Per GiB and month, by what is stored. */
  'snapshot-gib-month': 0.05,
  /** Per GiB and month, by what is provisioned. */
  'gp3-gib-month': 0.08,
  /** Per IOPS above 3,000 and month. */
  'gp3-iops-month': 0.005,
  /** Per MiB/s above 125 and month. */
  'gp3-mibps-month': 0.04,
  /** Per GiB of snapshot data and MiB/s of the provisioned initialization rate, for each volume. */
  'initialization-gib-mibps': 0.000012,
  /** Fast Snapshot Restore: per snapshot, availability zone and hour; billed by the minute, at least an hour. */
  'fast-restore-zone-hour': 0.75,
  /** The GPU instance, on demand. The default is a g5.2xlarge. */
  'instance-hour': 1.212,
} as const

export type PriceName = keyof typeof listPrices
export type Prices = Readonly<Record<PriceName, number>>

/** The list prices, with those that are given in their place. */
export function pricesOf(given: Readonly<Record<string, string>>): Prices {
  return { ...listPrices, ...Object.fromEntries(Object.entries(given).map(([name, dollars]) => [name, Number(dollars)])) }
}
