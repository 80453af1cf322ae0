import type { Deployment, ReplicaSet } from '../objects.ts'

type Spec = Pick<Deployment['spec'], 'replicas' | 'strategy'>
type Sized = Pick<ReplicaSet, 'spec' | 'status'>

/** Pods above and below `replicas` that a rolling update may reach: percentages round up and down, and never both to nothing. */
export function surgeOf({ replicas, strategy }: Spec): { surge: number; unavailable: number } {
  const resolve = (value: number | string | undefined, round: (value: number) => number) =>
    typeof value === 'string' ? round((Number.parseFloat(value) / 100) * replicas) : (value ?? 0)
  const surge = resolve(strategy.rollingUpdate?.maxSurge, Math.ceil)
  const unavailable = resolve(strategy.rollingUpdate?.maxUnavailable, Math.floor)
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable }
}

/**
 * The sizes that the ReplicaSets get next; unchanged ones may be among them. As the real controller: up to the surge, then down by what is available
 * beyond the minimum, first of all pods that are not ready. Proportional scaling in the middle of a rollout is left out.
 */
export function planRollout<Set extends Sized>(spec: Spec, current: Set, others: readonly Set[]): readonly (readonly [Set, number])[] {
  const sizeOf = (set: Set) => set.spec.replicas
  const availableOf = (set: Set) => set.status?.availableReplicas ?? 0
  const total = (sets: readonly Set[], count: (set: Set) => number) => sets.reduce((sum, set) => sum + count(set), 0)
  const old = total(others, sizeOf)
  if (old === 0) return [[current, spec.replicas]]

  if (spec.strategy.type === 'Recreate') {
    const gone = total(others, (set) => set.status?.replicas ?? 0) === 0
    return [...others.map((set) => [set, 0] as const), [current, gone ? spec.replicas : sizeOf(current)]]
  }
  const { surge, unavailable } = surgeOf(spec)
  const room = Math.max(0, spec.replicas + surge - old - sizeOf(current))
  const grown = Math.min(spec.replicas, sizeOf(current) + room)
  const plan: (readonly [Set, number])[] = [[current, grown]]
  if (grown !== sizeOf(current)) return plan

  const minimum = spec.replicas - unavailable
  let spare = sizeOf(current) + old - minimum - (sizeOf(current) - availableOf(current))
  let spareAvailable = total([...others, current], availableOf) - minimum
  for (const set of others) {
    const unhealthy = Math.max(0, Math.min(sizeOf(set) - availableOf(set), spare))
    const healthy = Math.max(0, Math.min(sizeOf(set) - unhealthy, spareAvailable, spare - unhealthy))
    spare -= unhealthy + healthy
    spareAvailable -= healthy
    plan.push([set, sizeOf(set) - unhealthy - healthy])
  }
  return plan
}
