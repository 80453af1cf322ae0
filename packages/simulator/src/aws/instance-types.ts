import type { Architecture } from './images.ts'

export interface InstanceType {
  readonly name: string
  readonly architecture: Architecture
  readonly manufacturer: 'Intel' | 'AMD' | 'AWS'
  readonly vcpus: number
  readonly memoryMiB: number
  /** EBS bandwidth in Mbit/s: what is kept up, and what is reached in a burst. */
  readonly ebsMbps: readonly [baseline: number, maximum: number]
  readonly network: { readonly interfaces: number; readonly addressesPerInterface: number }
  readonly gpu?: { readonly name: string; readonly memoryMiB: number }
  /** Instance store, in GB. */
  readonly localGB?: number
}

const a10g = { name: 'A10G', memoryMiB: 22_888 }
const l4 = { name: 'L4', memoryMiB: 22_888 }
const l40s = { name: 'L40S', memoryMiB: 45_776 }
const small = { interfaces: 4, addressesPerInterface: 15 }
const large = { interfaces: 8, addressesPerInterface: 30 }

const type = (
  name: string,
  manufacturer: InstanceType['manufacturer'],
  vcpus: number,
  memoryGiB: number,
  ebsMbps: InstanceType['ebsMbps'],
  network: InstanceType['network'],
  more: Pick<InstanceType, 'gpu' | 'localGB'> = {},
): InstanceType => {
  const architecture = manufacturer === 'AWS' ? 'arm64' : 'x86_64'
  return { name, architecture, manufacturer, vcpus, memoryMiB: memoryGiB * 1024, ebsMbps, network, ...more }
}

/** A few types out of several hundred; figures as in EC2's instance type pages. */
export const instanceTypes: readonly InstanceType[] = [
  type('m6i.large', 'Intel', 2, 8, [650, 10_000], { interfaces: 3, addressesPerInterface: 10 }),
  type('m6i.xlarge', 'Intel', 4, 16, [2500, 10_000], small),
  type('m6i.2xlarge', 'Intel', 8, 32, [2500, 10_000], small),
  type('m6i.4xlarge', 'Intel', 16, 64, [5000, 10_000], large),
  type('m7i.2xlarge', 'Intel', 8, 32, [2500, 10_000], small),
  type('m6a.2xlarge', 'AMD', 8, 32, [2500, 10_000], small),
  type('c6i.2xlarge', 'Intel', 8, 16, [2500, 10_000], small),
  type('m7g.2xlarge', 'AWS', 8, 32, [2500, 10_000], small),
  type('g5.xlarge', 'AMD', 4, 16, [700, 3500], small, { gpu: a10g, localGB: 250 }),
  type('g5.2xlarge', 'AMD', 8, 32, [850, 3500], small, { gpu: a10g, localGB: 450 }),
  type('g6.xlarge', 'AMD', 4, 16, [1000, 5000], small, { gpu: l4, localGB: 250 }),
  type('g6.2xlarge', 'AMD', 8, 32, [2000, 5000], small, { gpu: l4, localGB: 450 }),
  type('g5.4xlarge', 'AMD', 16, 64, [4750, 4750], large, { gpu: a10g, localGB: 600 }),
  type('g6.4xlarge', 'AMD', 16, 64, [8000, 8000], large, { gpu: l4, localGB: 600 }),
  type('g6e.2xlarge', 'AMD', 8, 64, [2000, 5000], small, { gpu: l40s, localGB: 450 }),
]
