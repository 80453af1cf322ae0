/** An EC2 instance type with whole NVIDIA GPUs, as EC2 describes it. */
export interface GpuInstanceType {
  readonly name: string
  readonly architecture: 'amd64' | 'arm64'
  readonly vcpus: number
  readonly memoryMiB: number
  /** Of its default network card. */
  readonly networkInterfaces: number
  readonly addressesPerInterface: number
  readonly gpus: number
  /** `L40S`. */
  readonly gpuName: string
  /** Of one GPU, in MiB. */
  readonly gpuMemoryMiB: number
  /** The most that all its EBS volumes get together, in Mbit/s: for the smaller types a burst, several times what they sustain. */
  readonly ebsMbps: number
  /** Instance store, in GB; 0: none. */
  readonly localNvmeGB: number
}

/** Where the instance types of a region are looked up. */
export interface InstanceTypes {
  readonly region: string
  /** Those with NVIDIA GPUs. @throws ServiceError when they cannot be looked up. */
  withGpus(signal: AbortSignal): Promise<readonly GpuInstanceType[]>
}
