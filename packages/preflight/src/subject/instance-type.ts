/** An EC2 instance type with NVIDIA GPUs, as Karpenter plans with it. */
export interface InstanceType {
  readonly name: string
  readonly architecture: 'amd64' | 'arm64'
  readonly vcpus: number
  /** What pods can have, in thousandths of a CPU. */
  readonly cpuMillis: number
  /** What pods can have, in MiB. */
  readonly memoryMiB: number
  readonly gpus: number
  /** The most that all its EBS volumes get together, in Mbit/s: for the smaller types a burst, several times what they sustain. */
  readonly ebsMbps: number
  /** As Karpenter's label has it: `l40s`. */
  readonly gpuName: string
  /** Of one GPU, in MiB. */
  readonly gpuMemoryMiB: number
  /** Instance store, in GB; 0: none. */
  readonly localNvmeGB: number
}

/** The instance types that the rules know, and where they come from. */
export interface KnownInstanceTypes {
  readonly types: readonly InstanceType[]
  /** For the report: `EC2 in us-west-2`, or the built-in table with its date and why it was used. */
  readonly source: string
}
