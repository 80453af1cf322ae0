import { paginateDescribeInstanceTypes, type EC2Client, type InstanceTypeInfo } from '@aws-sdk/client-ec2'
import type { GpuInstanceType, InstanceTypes } from '@prebake/preflight'
import { requireField, callPages } from './call.ts'

/** All families with NVIDIA GPUs start with one of these letters. EC2 has no filter for GPUs, and about 900 other types. */
const families = ['g*', 'p*']

/** Instance types with GPUs as EC2 describes them in one region. */
export function createInstanceTypes({ ec2 }: { readonly ec2: EC2Client }, region: string): InstanceTypes {
  return {
    region,
    async withGpus(signal) {
      const input = { Filters: [{ Name: 'instance-type', Values: families }] }
      const pages = await callPages('ec2:DescribeInstanceTypes', signal, (options) =>
        paginateDescribeInstanceTypes({ client: ec2, pageSize: 100 }, input, options),
      )
      return pages.flatMap((page) => page.InstanceTypes ?? []).flatMap(gpuInstanceType)
    },
  }
}

function gpuInstanceType(info: InstanceTypeInfo): readonly GpuInstanceType[] {
  const [gpu] = info.GpuInfo?.Gpus ?? []
  // `nvidia.com/gpu` counts whole GPUs.
  if (gpu?.Manufacturer !== 'NVIDIA' || (gpu.Count ?? 0) < 1 || (gpu.GpuPartitionSize ?? 1) < 1) return []
  const field = <T>(value: T | undefined, name: string) => requireField(value, 'DescribeInstanceTypes', `${name} of ${info.InstanceType}`)
  const { NetworkInfo: network } = info
  const card = network?.NetworkCards?.find(({ NetworkCardIndex }) => NetworkCardIndex === (network.DefaultNetworkCardIndex ?? 0))
  const architectures: readonly string[] = info.ProcessorInfo?.SupportedArchitectures ?? []
  return [
    {
      name: field(info.InstanceType, 'name'),
      architecture: architectures.includes('arm64') ? 'arm64' : 'amd64',
      vcpus: field(info.VCpuInfo?.DefaultVCpus, 'vCPUs'),
      memoryMiB: field(info.MemoryInfo?.SizeInMiB, 'memory'),
      networkInterfaces: field(card?.MaximumNetworkInterfaces ?? network?.MaximumNetworkInterfaces, 'network interfaces'),
      addressesPerInterface: field(network?.Ipv4AddressesPerInterface, 'addresses'),
      gpus: gpu.Count ?? 0,
      gpuName: field(gpu.Name, 'GPU'),
      gpuMemoryMiB: field(gpu.MemoryInfo?.SizeInMiB, 'GPU memory'),
      ebsMbps: field(info.EbsInfo?.EbsOptimizedInfo?.MaximumBandwidthInMbps, 'EBS bandwidth'),
      localNvmeGB: info.InstanceStorageInfo?.TotalSizeInGB ?? 0,
    },
  ]
}
