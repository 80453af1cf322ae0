import { fieldsOf, parseQuantity, readField } from '@prebake/manifests'
import { flaw, type Flaw } from '../../finding.ts'
import { valueOf } from '../../ports/fact.ts'
import { podCount, quotaDemands, smallestAllowed } from '../../subject/gpu-capacity.ts'
import { manifestsOf, type Located } from '../../subject/located.ts'
import { autoscalersOf } from '../../subject/namespaces.ts'
import { podsOnSnapshots } from '../../subject/on-snapshots.ts'
import { gpuPods, type PlacedPod } from '../../subject/placements.ts'
import { workloadOf } from '../../subject/pod-templates.ts'
import type { PreflightSubject } from '../../subject/subject.ts'
import { rule, type Rule } from '../rule.ts'

/** Rollouts that stop halfway, end too early, or undo what an autoscaler did. */
export const stuckRollout: readonly Rule[] = [
  rule({
    id: 'limits-without-surge',
    severity: 'warning',
    about: 'NodePool limits without room for the replicas and those that a rollout adds for a while.',
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
      const needed = count.total * type.vcpus
      if (needed <= total) return undefined
      const problem = `${count.words} need ${needed} vCPUs as ${type.name}, and the account may run ${total} (${quotas.join(' and ')} instances).`
      return flaw(workloadOf(pod), 'spec.strategy', problem, 'Ask Service Quotas for more, or roll out with fewer replicas.')
    },
  }),
  rule({
    id: 'progress-deadline',
    severity: 'warning',
    about: '`progressDeadlineSeconds` of 600 (the default) or less, which can end before a GPU node is found and has started.',
    each: podsOnSnapshots,
    judge: ({ pod }) => {
      const seconds = readField(pod.object, 'spec.progressDeadlineSeconds') ?? 600
      if (pod.object.kind !== 'Deployment' || typeof seconds !== 'number' || seconds > 600) return undefined
      const problem = `after ${seconds} s without a new pod the Deployment counts as failed; where capacity is short, a GPU node alone can take longer.`
      return flaw(workloadOf(pod), 'spec.progressDeadlineSeconds', problem, 'Set `progressDeadlineSeconds: 1800`.')
    },
  }),
  rule({
    id: 'replicas-owned',
    severity: 'warning',
    about: '`replicas` in a Deployment that an autoscaler scales: every apply resets the number.',
    needs: ['autoscalers'],
    each: (subject) => manifestsOf(subject, 'apps', 'Deployment'),
    judge: (deployment, subject) => {
      const { name, namespace = 'default' } = deployment.object.metadata
      if (readField(deployment.object, 'spec.replicas') === undefined) return undefined
      const owner = autoscalersOf(subject, namespace).find(({ target }) => target.kind === 'Deployment' && target.name === name)
      if (owner === undefined) return undefined
      const problem = `${owner.kind} ${owner.name} scales this Deployment, and every apply resets its number.`
      return flaw(deployment, 'spec.replicas', problem, 'Leave `replicas` out.')
    },
  }),
]

function overLimits({ pod, placements }: PlacedPod, subject: PreflightSubject): readonly Flaw[] {
  const count = podCount(subject, pod)
  const type = smallestAllowed(subject, pod, placements)
  const [first] = placements
  if (count === undefined || type === undefined || first === undefined) return []
  const needs = [
    // A node counts with all of its GPUs and CPUs, whatever its pods ask for.
    { resource: 'nvidia.com/gpu', needed: count.total * type.gpus },
    { resource: 'cpu', needed: count.total * type.vcpus },
  ]
  return needs.flatMap(({ resource, needed }): Flaw[] => {
    const total = placements.map(({ pool }) => limitOf(pool, resource)).reduce((sum, limit) => sum + limit, 0)
    if (total >= needed) return []
    const problem = `${count.words} need ${needed} ${resource} as ${type.name}, and the limit is ${total}: the rollout stops halfway.`
    return [flaw(first.pool, `spec.limits['${resource}']`, problem, `Set at least ${needed}.`)]
  })
}

function limitOf({ object }: Located, resource: string): number {
  return parseQuantity(fieldsOf(readField(object, 'spec.limits'))[resource]) ?? Infinity
}
