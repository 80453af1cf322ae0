import { fieldsOf, numberAt, parseQuantity, readField } from '@prebake/manifests'
import { flaw, type Flaw } from '../../finding.ts'
import { valueOf } from '../../ports/fact.ts'
import { podCount, podsPerNode, quotaDemands, smallestAllowed } from '../../subject/gpu-capacity.ts'
import type { Located } from '../../subject/located.ts'
import { bakedPools, gpuPods, type PlacedPod } from '../../subject/placements.ts'
import { requestsOf } from '../../subject/pod-resources.ts'
import { workloadOf } from '../../subject/pod-templates.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'

/** Rollouts that stop halfway, because no node is made for the new pods. */
export const nodeLimits: readonly Rule[] = [
  rule({
    id: 'limits-without-surge',
    severity: 'warning',
    about: 'NodePool limits (CPUs, memory, GPUs, nodes) without room for the replicas and those that a rollout adds for a while.',
    needs: ['deployment'],
    each: gpuPods,
    judge: overLimits,
  }),
  rule({
    id: 'quota-without-surge',
    severity: 'warning',
    about: "The account's vCPU quotas for such GPU instances have no room for the replicas and those that a rollout adds.",
    needs: ['deployment', 'vcpuQuota'],
    each: quotaDemands,
    judge: ({ pod, type, count, quotas }, { facts }) => {
      const known = quotas.map((quota) => valueOf(facts.vcpuQuota[quota]))
      const total = known.reduce<number>((sum, vcpus = Infinity) => sum + vcpus, 0)
      const needed = Math.ceil(count.total / podsPerNode(type, requestsOf(pod))) * type.vcpus
      if (needed <= total) return undefined
      const problem = `${count.words} need ${needed} vCPUs as ${type.name}, and the account may run ${total} (${quotas.join(' and ')} instances).`
      return flaw(workloadOf(pod), 'spec.strategy', problem, 'Ask Service Quotas for more, or roll out with fewer replicas.')
    },
  }),
  rule({
    id: 'static-node-pool',
    severity: 'warning',
    about: 'A static NodePool (`replicas`): Karpenter makes no node for a pod, so new pods wait until it replaces the old nodes.',
    each: bakedPools,
    judge: (pool) => {
      const replicas = numberAt(pool.object, 'spec.replicas')
      if (replicas === undefined) return undefined
      const most = parseQuantity(readField(pool.object, 'spec.limits.nodes'))
      const full = most !== undefined && most <= replicas ? `, and \`limits.nodes: ${most}\` has no room for one more` : ''
      const problem = `Karpenter keeps ${replicas} nodes and makes none for a pending pod${full}: while a rollout pauses drift, its new pods find no node.`
      return flaw(pool, 'spec.replicas', problem, 'Leave `replicas` out, so that nodes are made for pods.')
    },
  }),
]

function overLimits({ pod, placements }: PlacedPod, subject: PreflightSubject): readonly Flaw[] {
  const count = podCount(subject, pod)
  const type = smallestAllowed(subject, pod, placements)
  const [first] = placements
  if (count === undefined || type === undefined || first === undefined) return []
  const nodes = Math.ceil(count.total / podsPerNode(type, requestsOf(pod)))
  const needs = [
    // A node counts with all of its GPUs and CPUs, whatever its pods ask for.
    { resource: 'nvidia.com/gpu', needed: nodes * type.gpus, words: `${nodes * type.gpus} nvidia.com/gpu` },
    { resource: 'cpu', needed: nodes * type.vcpus, words: `${nodes * type.vcpus} cpu` },
    // What pods can have of it is a little less than what counts.
    { resource: 'memory', needed: nodes * type.memoryMiB * 2 ** 20, words: `${Math.ceil((nodes * type.memoryMiB) / 1024)}Gi memory` },
    { resource: 'nodes', needed: nodes, words: `${nodes} nodes` },
  ]
  return needs.flatMap(({ resource, needed, words }): Flaw[] => {
    const limits = placements.map(({ pool }) => limitOf(pool, resource))
    const total = limits.reduce((sum, limit) => sum + limit, 0)
    if (total >= needed) return []
    const limit = String(fieldsOf(readField(first.pool.object, 'spec.limits'))[resource])
    const given = limits.length === 1 ? limit : String(total)
    const problem = `${count.words} need ${words} as ${type.name}, and the limit is ${given}: the rollout stops halfway.`
    return [flaw(first.pool, `spec.limits['${resource}']`, problem, `Set at least ${words.split(' ')[0]}.`)]
  })
}

function limitOf({ object }: Located, resource: string): number {
  return parseQuantity(fieldsOf(readField(object, 'spec.limits'))[resource]) ?? Infinity
}
