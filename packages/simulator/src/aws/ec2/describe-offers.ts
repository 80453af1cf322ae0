import { AwsError } from '../aws-error.ts'
import { machineImages, type MachineImage } from '../images.ts'
import { instanceTypes, type InstanceType } from '../instance-types.ts'
import { text, texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf } from './select.ts'
import { list, type XmlContent } from './xml.ts'

export function describeInstanceTypes(parameters: QueryParameters): XmlContent {
  const names = texts(parameters, 'InstanceType')
  const unknown = names.filter((name) => !instanceTypes.some((type) => type.name === name))
  if (unknown.length > 0) {
    throw new AwsError('InvalidInstanceType', `The following supplied instance types do not exist: [${unknown.join(', ')}]`)
  }
  const asked = names.length > 0 ? instanceTypes.filter((type) => names.includes(type.name)) : instanceTypes
  const valuesOf = (type: InstanceType) => ({
    'instance-type': [type.name],
    'current-generation': ['true'],
    'processor-info.supported-architecture': [type.architecture],
    'vcpu-info.default-vcpus': [String(type.vcpus)],
    'memory-info.size-in-mib': [String(type.memoryMiB)],
  })
  const page = pageOf(parameters, filterBy(parameters, asked, valuesOf))
  return { instanceTypeSet: list(page.items, presentType), nextToken: page.nextToken }
}

function presentType(type: InstanceType): XmlContent {
  const [baseline, maximum] = type.ebsMbps
  return {
    instanceType: type.name,
    processorInfo: { supportedArchitectures: list([type.architecture], (name) => name), manufacturer: type.manufacturer },
    vCpuInfo: { defaultVCpus: type.vcpus },
    memoryInfo: { sizeInMiB: type.memoryMiB },
    instanceStorageInfo: type.localGB && { totalSizeInGB: type.localGB },
    networkInfo: {
      maximumNetworkInterfaces: type.network.interfaces,
      maximumNetworkCards: 1,
      defaultNetworkCardIndex: 0,
      networkCards: list([type.network], ({ interfaces }) => ({ networkCardIndex: 0, maximumNetworkInterfaces: interfaces })),
      ipv4AddressesPerInterface: type.network.addressesPerInterface,
    },
    ebsInfo: { ebsOptimizedInfo: { baselineBandwidthInMbps: baseline, maximumBandwidthInMbps: maximum } },
    gpuInfo: type.gpu && {
      gpus: list([type.gpu], (gpu) => ({ name: gpu.name, manufacturer: 'NVIDIA', count: 1, memoryInfo: { sizeInMiB: gpu.memoryMiB } })),
      totalGpuMemoryInMiB: type.gpu.memoryMiB,
    },
  }
}

/** @throws AwsError InvalidAMIID.Malformed, InvalidAMIID.NotFound. */
export function findImage(imageId: string): MachineImage {
  if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(imageId))
    throw new AwsError('InvalidAMIID.Malformed', `Invalid id: "${imageId}" (expecting "ami-...")`)
  const image = machineImages.find((candidate) => candidate.imageId === imageId)
  if (image === undefined) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`)
  return image
}

/** @throws AwsError InvalidParameterValue. */
export function findInstanceType(parameters: QueryParameters): InstanceType {
  const name = text(parameters, 'InstanceType') ?? 'm1.small'
  const type = instanceTypes.find((candidate) => candidate.name === name)
  if (type === undefined) throw new AwsError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`)
  return type
}
