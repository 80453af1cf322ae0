import { numberAt, readField, textOrNumberAt } from '@prebake/manifests'
import type { VcpuQuota } from '../ports/account-quotas.ts'
import { valueOf } from '../ports/fact.ts'
import { allowedTypes } from './allowed-types.ts'
import type { InstanceType } from './instance-type.ts'
import { poolRequirements } from './node-pools.ts'
import { gpuPods, type Placement } from './placements.ts'
import { requestsOf, type Resources } from './pod-resources.ts'
import type { PodTemplate } from './pod-templates.ts'
import { fulfils, podRequirements } from './requirement.ts'
import type { PreflightSubject } from './subject.ts'

/** Whether a node of this type has room for one such pod. */
export const fits = (type: InstanceType, asked: Resources) =>
  type.gpus >= asked.gpus && type.cpuMillis >= asked.cpuMillis && type.memoryMiB >= asked.memoryMiB

export const smallest = (types: readonly InstanceType[]) =>
  types.toSorted((a, b) => a.gpus - b.gpus || a.vcpus - b.vcpus || a.memoryMiB - b.memoryMiB)[0]

export const familyOf = ({ name }: InstanceType) => name.split('.')[0]

/** What Karpenter takes when it can choose. */
export function smallestAllowed(subject: PreflightSubject, pod: PodTemplate, placements: readonly Placement[]): InstanceType | undefined {
  const types = placements.flatMap(({ pool }) => allowedTypes(pool, pod.spec, subject.instanceTypes).types)
  return smallest(types.filter((type) => fits(type, requestsOf(pod))))
}

/** How many such pods a node of this type takes, by its GPUs, CPUs and memory. */
export function podsPerNode(type: InstanceType, asked: Resources): number {
  const shares = [
    [type.gpus, asked.gpus],
    [type.cpuMillis, asked.cpuMillis],
    [type.memoryMiB, asked.memoryMiB],
  ] as const
  return Math.max(1, Math.floor(Math.min(...shares.flatMap(([has, needs]) => (needs > 0 ? has / needs : [])))))
}

export interface PodCount {
  readonly total: number
  readonly words: string
}

/** How many pods there are at most while a Deployment is rolled out; undefined for other kinds. */
export function podCount(subject: PreflightSubject, { object, namespace }: PodTemplate): PodCount | undefined {
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

/** A Deployment on GPUs, the nodes that a rollout of it takes at most, and the quotas that these count against. */
export interface QuotaDemand {
  readonly pod: PodTemplate
  readonly type: InstanceType
  readonly count: PodCount
  /** One for each way to buy that NodePool and pod allow; never empty. */
  readonly quotas: readonly VcpuQuota[]
}

/** Those of these manifests, where type and way to buy are known. */
export function quotaDemands(subject: PreflightSubject): readonly QuotaDemand[] {
  return gpuPods(subject).flatMap(({ pod, placements }): QuotaDemand[] => {
    const type = smallestAllowed(subject, pod, placements)
    const count = podCount(subject, pod)
    if (type === undefined || count === undefined) return []
    const quotas = quotasOf(type, placements)
    return quotas.length === 0 ? [] : [{ pod, type, count, quotas }]
  })
}

function quotasOf({ name }: InstanceType, placements: readonly Placement[]): readonly VcpuQuota[] {
  const allows = (value: string) =>
    placements.some(({ pool, pod }) =>
      podRequirements(pod.spec).some((asked) =>
        [...poolRequirements(pool), ...asked]
          .filter(({ key }) => key === 'karpenter.sh/capacity-type')
          .every((requirement) => fulfils(value, requirement)),
      ),
    )
  const ways = new Set(Object.entries(bought).flatMap(([value, way]) => (allows(value) ? way : [])))
  return [...ways].map((way): VcpuQuota => `${way} ${name.startsWith('p') ? 'P' : 'G'}`)
}
