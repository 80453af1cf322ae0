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

/** A few types out of several hundred; figures as in EC2's instance type pages. */
export const instanceTypes: readonly InstanceType[] = [
  {
    name: 'm6i.xlarge',
    architecture: 'x86_64',
    manufacturer: 'Intel',
    vcpus: 4,
    memoryMiB: 16_384,
    ebsMbps: [2500, 10_000],
    network: small,
  },
  {
    name: 'm6i.2xlarge',
    architecture: 'x86_64',
    manufacturer: 'Intel',
    vcpus: 8,
    memoryMiB: 32_768,
    ebsMbps: [2500, 10_000],
    network: small,
  },
  {
    name: 'm6i.4xlarge',
    architecture: 'x86_64',
    manufacturer: 'Intel',
    vcpus: 16,
    memoryMiB: 65_536,
    ebsMbps: [5000, 10_000],
    network: large,
  },
  {
    name: 'm7i.2xlarge',
    architecture: 'x86_64',
    manufacturer: 'Intel',
    vcpus: 8,
    memoryMiB: 32_768,
    ebsMbps: [2500, 10_000],
    network: small,
  },
  {
    name: 'm6a.2xlarge',
    architecture: 'x86_64',
    manufacturer: 'AMD',
    vcpus: 8,
    memoryMiB: 32_768,
    ebsMbps: [2500, 10_000],
    network: small,
  },
  {
    name: 'c6i.2xlarge',
    architecture: 'x86_64',
    manufacturer: 'Intel',
    vcpus: 8,
    memoryMiB: 16_384,
    ebsMbps: [2500, 10_000],
    network: small,
  },
  { name: 'm7g.2xlarge', architecture: 'arm64', manufacturer: 'AWS', vcpus: 8, memoryMiB: 32_768, ebsMbps: [2500, 10_000], network: small },
  {
    name: 'g5.xlarge',
    architecture: 'x86_64',
    manufacturer: 'AMD',
    vcpus: 4,
    memoryMiB: 16_384,
    ebsMbps: [700, 3500],
    network: small,
    gpu: a10g,
    localGB: 250,
  },
  {
    name: 'g5.2xlarge',
    architecture: 'x86_64',
    manufacturer: 'AMD',
    vcpus: 8,
    memoryMiB: 32_768,
    ebsMbps: [850, 3500],
    network: small,
    gpu: a10g,
    localGB: 450,
  },
  {
    name: 'g6.xlarge',
    architecture: 'x86_64',
    manufacturer: 'AMD',
    vcpus: 4,
    memoryMiB: 16_384,
    ebsMbps: [1000, 5000],
    network: small,
    gpu: l4,
    localGB: 250,
  },
  {
    name: 'g6.2xlarge',
    architecture: 'x86_64',
    manufacturer: 'AMD',
    vcpus: 8,
    memoryMiB: 32_768,
    ebsMbps: [2000, 5000],
    network: small,
    gpu: l4,
    localGB: 450,
  },
  {
    name: 'g5.4xlarge',
    architecture: 'x86_64',
    manufacturer: 'AMD',
    vcpus: 16,
    memoryMiB: 65_536,
    ebsMbps: [4750, 4750],
    network: large,
    gpu: a10g,
    localGB: 600,
  },
  {
    name: 'g6.4xlarge',
    architecture: 'x86_64',
    manufacturer: 'AMD',
    vcpus: 16,
    memoryMiB: 65_536,
    ebsMbps: [8000, 8000],
    network: large,
    gpu: l4,
    localGB: 600,
  },
  {
    name: 'g6e.2xlarge',
    architecture: 'x86_64',
    manufacturer: 'AMD',
    vcpus: 8,
    memoryMiB: 65_536,
    ebsMbps: [2000, 5000],
    network: small,
    gpu: l40s,
    localGB: 450,
  },
]
