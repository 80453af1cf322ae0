import type { GpuInstanceType } from '../ports/instance-types.ts'
import type { InstanceType } from '../subject/instance-type.ts'

/** Karpenter's setting VM_MEMORY_OVERHEAD_PERCENT, by default. */
const vmMemoryOverhead = 0.075
/** Memory that the kernel of an arm64 instance keeps for itself, in MiB. */
const armReservedMiB = 64
const evictionMiB = 100

/**
 * What Karpenter takes a node of this type to have for pods, with its default overheads and before any DaemonSet (karpenter-provider-aws,
 * pkg/providers/instancetype/types.go: memory, ENILimitedPods, kubeReservedResources).
 */
export function planInstanceType(type: GpuInstanceType): InstanceType {
  const { name, architecture, vcpus, gpus, gpuMemoryMiB, ebsMbps, localNvmeGB } = type
  const total = type.memoryMiB - (architecture === 'arm64' ? armReservedMiB : 0)
  const pods = type.networkInterfaces * (type.addressesPerInterface - 1) + 2
  const kubeReservedMiB = 255 + 11 * pods
  return {
    name,
    architecture,
    vcpus,
    cpuMillis: vcpus * 1000 - kubeReservedMillis(vcpus),
    memoryMiB: total - Math.ceil(total * vmMemoryOverhead) - kubeReservedMiB - evictionMiB,
    gpus,
    ebsMbps,
    gpuName: type.gpuName.toLowerCase().replaceAll(' ', '-'),
    gpuMemoryMiB,
    localNvmeGB,
  }
}

/** 6 % of the first CPU, 1 % of the second, 0.5 % of the next two, 0.25 % of the others. */
function kubeReservedMillis(vcpus: number): number {
  const shares = [60, 10, 5, 5]
  return Math.floor(Array.from({ length: vcpus }, (_, index) => shares[index] ?? 2.5).reduce((sum, share) => sum + share, 0))
}
