import { valueOf } from '../ports/fact.ts'
import type { Fault, Rule } from '../finding.ts'
import { fits, gpuPods, podCount, quotaDemands, smallest, smallestAllowed } from '../subject/gpu-capacity.ts'
import type { InstanceType } from '../ports/instance-types.ts'
import { faultAt, type Located } from '../subject/located.ts'
import { allowedTypes } from '../subject/node-pools.ts'
import type { Placement } from '../subject/placements.ts'
import { podFault, requestsOf, type PodTemplate } from '../subject/pod-templates.ts'
import { fieldsOf, parseQuantity, readField } from '@prebake/manifests'
import type { PreflightSubject } from '../subject/subject.ts'

/** Whether the nodes that are allowed have room for what is asked. */
export const capacityRules: readonly Rule[] = [
  {
    id: 'requests-fit-no-type',
    severity: 'error',
    about: 'CPUs, memory and GPUs that no allowed instance type has. Names the smallest that does.',
    judge: (subject) => gpuPods(subject).flatMap(([pod, placements]) => tooLarge(subject, pod, placements)),
  },
  {
    id: 'shared-volume',
    severity: 'warning',
    about: "Instance types with more GPUs than a pod asks for: their pods share one volume's throughput while they load.",
    judge: (subject) =>
      gpuPods(subject).flatMap(([pod, placements]) =>
        placements.flatMap(({ pool, volume }): Fault[] => {
          const asked = requestsOf(pod).gpus
          const shared = allowedTypes(pool, pod.spec, subject.instanceTypes).types.filter(({ gpus }) => gpus > asked)
          if (volume === undefined || shared.length === 0) return []
          const named = shared.slice(0, 3).map(({ name, gpus }) => `${name} (${gpus})`)
          const reason = `on ${named.join(', ')}${shared.length > 3 ? ` and ${shared.length - 3} more` : ''} pods with ${asked} GPU${asked === 1 ? '' : 's'} share one volume, and each starts the slower.`
          return [faultAt(pool, 'spec.template.spec.requirements', reason, `Allow types with ${asked} GPU${asked === 1 ? '' : 's'} alone.`)]
        }),
      ),
  },
  {
    id: 'limits-without-surge',
    severity: 'warning',
    about: 'NodePool limits that do not hold the replicas and those that a rollout adds for a while.',
    needs: ['deployment'],
    judge: (subject) => gpuPods(subject).flatMap(([pod, placements]) => overLimits(subject, pod, placements)),
  },
  {
    id: 'quota-without-surge',
    severity: 'warning',
    about: "The account's quotas of vCPUs for such GPU instances do not hold the replicas and those that a rollout adds.",
    needs: ['deployment', 'vcpuQuota'],
    judge: (subject) =>
      quotaDemands(subject).flatMap(({ pod, type, count, quotas }): Fault[] => {
        const known = quotas.map((quota) => valueOf(subject.facts.vcpuQuota[quota]))
        const total = known.reduce<number>((sum, vcpus = Infinity) => sum + vcpus, 0)
        const needed = count.total * type.vcpus
        if (needed <= total) return []
        const reason = `${count.words} need ${needed} vCPUs as ${type.name}, and the account may run ${total} (${quotas.join(' and ')} instances).`
        return [faultAt(pod.workload, 'spec.strategy', reason, 'Ask Service Quotas for more, or roll out with fewer replicas.')]
      }),
  },
]

function tooLarge(subject: PreflightSubject, pod: PodTemplate, placements: readonly Placement[]): readonly Fault[] {
  const asked = requestsOf(pod)
  const allowed = placements.map(({ pool }) => allowedTypes(pool, pod.spec, subject.instanceTypes))
  // A type that the table does not know may well fit.
  if (allowed.some(({ types, unknown }) => unknown || types.some((type) => fits(type, asked)))) return []
  const types = allowed.flatMap((one) => one.types)
  const families = new Set(types.map(familyOf))
  const architectures = new Set(types.map(({ architecture }) => architecture))
  const fitting = subject.instanceTypes.filter(
    (type) => fits(type, asked) && (architectures.size === 0 || architectures.has(type.architecture)),
  )
  const best = smallest(fitting.filter((type) => families.has(familyOf(type)))) ?? smallest(fitting)
  const words = `${asked.cpuMillis / 1000} CPUs, ${Math.round(asked.memoryMiB)} MiB and ${asked.gpus} GPU${asked.gpus === 1 ? '' : 's'}`
  const pools = placements.map(({ pool }) => pool.object.metadata.name).join(', ')
  const reason = `${words} fit no instance type that NodePool ${pools} allows: the pods stay Pending for ever.`
  const remedy =
    best === undefined
      ? 'No NVIDIA instance type is that large: ask for less.'
      : `Allow ${best.name}, the smallest that fits, or ask for less.`
  return [podFault(pod, 'containers', reason, remedy)]
}

function overLimits(subject: PreflightSubject, pod: PodTemplate, placements: readonly Placement[]): readonly Fault[] {
  const count = podCount(subject, pod)
  const type = smallestAllowed(subject, pod, placements)
  const [first] = placements
  if (count === undefined || type === undefined || first === undefined) return []
  const needs = [
    // A node counts with all of its GPUs and CPUs, whatever its pods ask for.
    { resource: 'nvidia.com/gpu', needed: count.total * type.gpus },
    { resource: 'cpu', needed: count.total * type.vcpus },
  ]
  return needs.flatMap(({ resource, needed }): Fault[] => {
    const limits = placements.map(({ pool }) => limitOf(pool, resource))
    const total = limits.reduce((sum, limit) => sum + limit, 0)
    if (total >= needed) return []
    const reason = `${count.words} need ${needed} ${resource} as ${type.name}, and the limit is ${total}: the rollout stops half way.`
    return [faultAt(first.pool, `spec.limits['${resource}']`, reason, `Set at least ${needed}.`)]
  })
}

function limitOf({ object }: Located, resource: string): number {
  return parseQuantity(fieldsOf(readField(object, 'spec.limits'))[resource]) ?? Infinity
}

const familyOf = ({ name }: InstanceType) => name.split('.')[0]
