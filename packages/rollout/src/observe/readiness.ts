import { conditionsOf, describeCondition, type KubernetesObject } from '@prebake/manifests'

/** Whether the object's Ready condition is True for its present generation, and if not, what stands in the way. */
export function judgeReadiness(object: KubernetesObject): { readonly ready: boolean; readonly message: string } {
  const generation = object.metadata.generation ?? 0
  const current = conditionsOf(object).filter(({ observedGeneration }) => (observedGeneration ?? generation) >= generation)
  const ready = current.find(({ type }) => type === 'Ready')
  if (ready?.status === 'True') return { ready: true, message: describeCondition(ready) }
  if (ready === undefined) return { ready: false, message: 'Karpenter has not processed it yet' }
  // Ready only sums up the others; False says more than Unknown.
  const others = current.filter(({ type, status }) => type !== 'Ready' && status !== 'True')
  const failing = others.filter(({ status }) => status === 'False')
  const reasons = failing.length > 0 ? failing : others.length > 0 ? others : [ready]
  return { ready: false, message: reasons.map(describeCondition).join('; ') }
}
