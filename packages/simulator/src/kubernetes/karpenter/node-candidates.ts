import { instanceTypes, type InstanceType } from '../../aws/instance-types.ts'
import { region, subnets } from '../../aws/account.ts'
import { matchesRequirement } from '../matches-requirement.ts'
import type { NodePool } from './objects.ts'
import type { Requirement } from '../objects.ts'
import type { Resources } from '../pod-resources.ts'

/** Cheapest first, as Karpenter chooses: on-demand prices of us-west-2, believed. Types that are not named come last. */
const byPrice = [
  'm7g.2xlarge',
  'm6i.xlarge',
  'c6i.2xlarge',
  'm6a.2xlarge',
  'm6i.2xlarge',
  'g6.xlarge',
  'g6.2xlarge',
  'g5.xlarge',
  'g5.2xlarge',
]

export interface Candidate {
  readonly type: InstanceType
  readonly zone: string
  readonly labels: Readonly<Record<string, string>>
  readonly allocatable: Resources
}

/** Every instance that a NodePool could launch, cheapest first. */
export function candidatesOf(pool: NodePool): readonly Candidate[] {
  const requirements = pool.spec.template.spec.requirements ?? []
  const capacityTypes = ['on-demand', 'spot'].filter((type) => allows(requirements, 'karpenter.sh/capacity-type', type))
  const price = ({ name }: InstanceType) => (byPrice.includes(name) ? byPrice.indexOf(name) : byPrice.length)
  return instanceTypes
    .toSorted((a, b) => price(a) - price(b))
    .flatMap((type) => [subnets.public, subnets.private].map((subnet) => ({ type, zone: subnet.availabilityZone })))
    .map(({ type, zone }) => {
      // A pool that allows spot gets spot: it is the cheaper one.
      const labels = { ...pool.spec.template.metadata?.labels, ...labelsOf(type, zone, capacityTypes.at(-1) ?? 'on-demand') }
      return { type, zone, labels, allocatable: allocatable(type) }
    })
    .filter(({ labels }) => requirements.every((requirement) => matchesRequirement(labels, requirement)))
}

const allows = (requirements: readonly Requirement[], key: string, value: string): boolean =>
  requirements.filter((requirement) => requirement.key === key).every((requirement) => matchesRequirement({ [key]: value }, requirement))

function labelsOf(type: InstanceType, zone: string, capacityType: string): Record<string, string> {
  const [family = '', size = ''] = type.name.split('.')
  const prefix = 'karpenter.k8s.aws/instance'
  return {
    'node.kubernetes.io/instance-type': type.name,
    'kubernetes.io/arch': type.architecture === 'arm64' ? 'arm64' : 'amd64',
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': zone,
    'topology.kubernetes.io/region': region,
    'karpenter.sh/capacity-type': capacityType,
    [`${prefix}-category`]: family.replace(/\d.*/, ''),
    [`${prefix}-family`]: family,
    [`${prefix}-generation`]: /\d/.exec(family)?.[0] ?? '',
    [`${prefix}-size`]: size,
    [`${prefix}-cpu`]: String(type.vcpus),
    [`${prefix}-memory`]: String(type.memoryMiB),
    [`${prefix}-ebs-bandwidth`]: String(type.ebsMbps[1]),
    ...(type.gpu && {
      [`${prefix}-gpu-name`]: type.gpu.name.toLowerCase(),
      [`${prefix}-gpu-manufacturer`]: 'nvidia',
      [`${prefix}-gpu-count`]: '1',
      [`${prefix}-gpu-memory`]: String(type.gpu.memoryMiB),
    }),
  }
}

const pods = 58

/**
 * What is left for pods. Karpenter takes 7.5 % of the memory for the hypervisor (its option vmMemoryOverheadPercent); the kubelet on EKS keeps
 * 255 MiB and 11 MiB for each pod, 100 MiB before eviction, and of the cores 6 %, 1 %, 0.5 %, 0.5 % of the first four and 0.25 % of the others.
 */
function allocatable({ vcpus, memoryMiB, gpu }: InstanceType): Resources {
  const cpu = vcpus - (0.06 + 0.01 + 0.005 * 2 + 0.0025 * Math.max(0, vcpus - 4))
  const memory = Math.floor(memoryMiB * 0.925 - 255 - 11 * pods - 100) * 2 ** 20
  return { cpu: Math.floor(cpu * 1000) / 1000, memory, 'nvidia.com/gpu': gpu ? 1 : 0 }
}

/** As a Node shows it. */
export const formatResources = (resources: Resources): Record<string, string> => ({
  cpu: `${Math.round(resources.cpu * 1000)}m`,
  memory: `${Math.floor(resources.memory / 1024)}Ki`,
  pods: String(pods),
  ...(resources['nvidia.com/gpu'] > 0 && { 'nvidia.com/gpu': String(resources['nvidia.com/gpu']) }),
})
