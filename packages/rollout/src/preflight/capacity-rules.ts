import { valueOf } from './fact.ts'
import type { Fault, Rule } from './finding.ts'
import type { InstanceType } from './instance-types.ts'
import { faultAt, type Located } from './located.ts'
import { allowedTypes } from './node-pools.ts'
import { placementsOf, type Placement } from './placements.ts'
import { podFault, requestsOf, type PodTemplate, type Resources } from './pod-templates.ts'
import { parseQuantity } from './quantity.ts'
import { fieldsOf, numberAt, readField, textOrNumberAt } from './read-field.ts'
import type { PreflightSubject } from './subject.ts'

/** Pods that ask for GPUs, each with the NodePools that it can come to. */
function gpuPods(subject: PreflightSubject): readonly (readonly [pod: PodTemplate, placements: readonly Placement[]])[] {
  const byPod = Map.groupBy(placementsOf(subject), ({ pod }) => pod.workload.source)
  return [...byPod.values()].flatMap((placements) => {
    const [first] = placements
    return first !== undefined && requestsOf(first.pod).gpus > 0 ? [[first.pod, placements] as const] : []
  })
}

const fits = (type: InstanceType, asked: Resources) =>
  type.gpus >= asked.gpus && type.cpuMillis >= asked.cpuMillis && type.memoryMiB >= asked.memoryMiB

const smallest = (types: readonly InstanceType[]) =>
  types.toSorted((a, b) => a.gpus - b.gpus || a.vcpus - b.vcpus || a.memoryMiB - b.memoryMiB)[0]

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
    about: "The account's quota of GPU vCPUs, where it is known, does not hold the replicas and those that a rollout adds.",
    needs: ['deployment'],
    judge: (subject) =>
      gpuPods(subject).flatMap(([pod, placements]): Fault[] => {
        const type = smallestAllowed(subject, pod, placements)
        const count = podCount(subject, pod)
        if (subject.gpuVcpuQuota === undefined || type === undefined || count === undefined) return []
        const needed = count.total * type.vcpus
        if (needed <= subject.gpuVcpuQuota) return []
        const reason = `${count.words} need ${needed} vCPUs as ${type.name}, and the account may run ${subject.gpuVcpuQuota}.`
        return [faultAt(pod.workload, 'spec.strategy', reason, 'Ask for a higher quota, or roll out with fewer replicas.')]
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

function smallestAllowed(subject: PreflightSubject, pod: PodTemplate, placements: readonly Placement[]): InstanceType | undefined {
  const types = placements.flatMap(({ pool }) => allowedTypes(pool, pod.spec, subject.instanceTypes).types)
  return smallest(types.filter((type) => fits(type, requestsOf(pod))))
}

/** How many pods there are at most while a Deployment is rolled out; undefined for other kinds. */
function podCount(
  subject: PreflightSubject,
  { workload, namespace }: PodTemplate,
): { readonly total: number; readonly words: string } | undefined {
  const { object } = workload
  if (object.kind !== 'Deployment' || readField(object, 'spec.strategy.type') === 'Recreate') return undefined
  const live = valueOf(subject.facts.deployment[`${namespace}/${object.metadata.name}`])
  const replicas = numberAt(object, 'spec.replicas') ?? numberAt(live, 'spec.replicas') ?? 1
  const given = textOrNumberAt(object, 'spec.strategy.rollingUpdate.maxSurge') ?? '25%'
  // A share is rounded up (Deployment's own rule).
  const surge = typeof given === 'number' ? given : Math.ceil((replicas * Number.parseInt(given, 10)) / 100)
  return {
    total: replicas + surge,
    words: `${replicas} replica${replicas === 1 ? '' : 's'} and ${surge} more while a rollout replaces them`,
  }
}

function limitOf({ object }: Located, resource: string): number {
  return parseQuantity(fieldsOf(readField(object, 'spec.limits'))[resource]) ?? Infinity
}

const familyOf = ({ name }: InstanceType) => name.split('.')[0]
