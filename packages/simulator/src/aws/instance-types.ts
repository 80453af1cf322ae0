import type { Architecture } from './images.ts'

export interface InstanceType {
  readonly name: string
  readonly architecture: Architecture
  readonly manufacturer: 'Intel' | 'AMD' | 'AWS'
  readonly vcpus: number
  readonly memoryMiB: number
  /** EBS bandwidth in Mbit/s: what is kept up, and what is reached in a burst. */
  readonly ebsMbps: readonly [baseline: number, maximum: number]
  readonly gpu?: { readonly name: string; readonly memoryMiB: number }
}

const a10g = { name: 'A10G', memoryMiB: 24_576 }
const l4 = { name: 'L4', memoryMiB: 24_576 }

/** A few types out of several hundred; figures as in EC2's instance type pages. */
export const instanceTypes: readonly InstanceType[] = [
  { name: 'm6i.xlarge', architecture: 'x86_64', manufacturer: 'Intel', vcpus: 4, memoryMiB: 16_384, ebsMbps: [2500, 10_000] },
  { name: 'm6i.2xlarge', architecture: 'x86_64', manufacturer: 'Intel', vcpus: 8, memoryMiB: 32_768, ebsMbps: [2500, 10_000] },
  { name: 'm6i.4xlarge', architecture: 'x86_64', manufacturer: 'Intel', vcpus: 16, memoryMiB: 65_536, ebsMbps: [5000, 10_000] },
  { name: 'm7i.2xlarge', architecture: 'x86_64', manufacturer: 'Intel', vcpus: 8, memoryMiB: 32_768, ebsMbps: [2500, 10_000] },
  { name: 'm6a.2xlarge', architecture: 'x86_64', manufacturer: 'AMD', vcpus: 8, memoryMiB: 32_768, ebsMbps: [2500, 10_000] },
  { name: 'c6i.2xlarge', architecture: 'x86_64', manufacturer: 'Intel', vcpus: 8, memoryMiB: 16_384, ebsMbps: [2500, 10_000] },
  { name: 'm7g.2xlarge', architecture: 'arm64', manufacturer: 'AWS', vcpus: 8, memoryMiB: 32_768, ebsMbps: [2500, 10_000] },
  { name: 'g5.xlarge', architecture: 'x86_64', manufacturer: 'AMD', vcpus: 4, memoryMiB: 16_384, ebsMbps: [700, 3500], gpu: a10g },
  { name: 'g5.2xlarge', architecture: 'x86_64', manufacturer: 'AMD', vcpus: 8, memoryMiB: 32_768, ebsMbps: [850, 3500], gpu: a10g },
  { name: 'g6.xlarge', architecture: 'x86_64', manufacturer: 'AMD', vcpus: 4, memoryMiB: 16_384, ebsMbps: [1000, 5000], gpu: l4 },
  { name: 'g6.2xlarge', architecture: 'x86_64', manufacturer: 'AMD', vcpus: 8, memoryMiB: 32_768, ebsMbps: [2000, 5000], gpu: l4 },
]
