import type { VcpuQuota } from '../ports/account-quotas.ts'
import { valueOf } from './fact.ts'
import type { InstanceType } from './instance-types.ts'
import { allowedTypes, poolRequirements } from './node-pools.ts'
import { placementsOf, type Placement } from './placements.ts'
import { requestsOf, type PodTemplate, type Resources } from './pod-templates.ts'
import { numberAt, readField, textOrNumberAt } from './read-field.ts'
import { fulfils, podRequirements } from './requirement.ts'
import type { PreflightSubject } from './subject.ts'

/** Pods that ask for GPUs, each with the NodePools that it can come to. */
export function gpuPods(subject: PreflightSubject): readonly (readonly [pod: PodTemplate, placements: readonly Placement[]])[] {
  const byPod = Map.groupBy(placementsOf(subject), ({ pod }) => pod.workload.source)
  return [...byPod.values()].flatMap((placements) => {
    const [first] = placements
    return first !== undefined && requestsOf(first.pod).gpus > 0 ? [[first.pod, placements] as const] : []
  })
}

/** Whether a node of this type has room for one such pod. */
export const fits = (type: InstanceType, asked: Resources) =>
  type.gpus >= asked.gpus && type.cpuMillis >= asked.cpuMillis && type.memoryMiB >= asked.memoryMiB

export const smallest = (types: readonly InstanceType[]) =>
  types.toSorted((a, b) => a.gpus - b.gpus || a.vcpus - b.vcpus || a.memoryMiB - b.memoryMiB)[0]

/** What Karpenter takes when it can choose. */
export function smallestAllowed(subject: PreflightSubject, pod: PodTemplate, placements: readonly Placement[]): InstanceType | undefined {
  const types = placements.flatMap(({ pool }) => allowedTypes(pool, pod.spec, subject.instanceTypes).types)
  return smallest(types.filter((type) => fits(type, requestsOf(pod))))
}

/** How many pods there are at most while a Deployment is rolled out; undefined for other kinds. */
export function podCount(
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

/** By the values of Karpenter's label: a reserved instance counts as one on demand. */
const bought: Readonly<Record<string, 'on-demand' | 'spot'>> = { 'on-demand': 'on-demand', reserved: 'on-demand', spot: 'spot' }

/** The quotas that nodes of this type count against: one for each way to buy them that NodePool and pod allow. */
export function quotasOf({ name }: InstanceType, placements: readonly Placement[]): readonly VcpuQuota[] {
  const allows = (value: string) =>
    placements.some(({ pool, pod }) =>
      podRequirements(pod.spec).some((asked) =>
        [...poolRequirements(pool), ...asked].every(
          ({ key, ...other }) => key !== 'karpenter.sh/capacity-type' || fulfils(value, { key, ...other }),
        ),
      ),
    )
  const ways = new Set(Object.entries(bought).flatMap(([value, way]) => (allows(value) ? way : [])))
  return [...ways].map((way): VcpuQuota => `${way} ${name.startsWith('p') ? 'P' : 'G'}`)
}

/** Those that a rollout of these manifests depends on. */
export function neededQuotas(subject: PreflightSubject): readonly VcpuQuota[] {
  return gpuPods(subject).flatMap(([pod, placements]) => {
    const type = smallestAllowed(subject, pod, placements)
    return type === undefined || podCount(subject, pod) === undefined ? [] : quotasOf(type, placements)
  })
}
