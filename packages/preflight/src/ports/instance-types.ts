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
  /** The most that all its EBS volumes get together, in Mbit/s: of the smaller types a burst, several times what they keep up. */
  readonly ebsMbps: number
  readonly gpuName: string
  /** Of one GPU, in MiB. */
  readonly gpuMemoryMiB: number
  /** Instance store, in GB; 0: none. */
  readonly localNvmeGB: number
}
