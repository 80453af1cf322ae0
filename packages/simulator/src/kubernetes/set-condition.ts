import type { Condition, KubeObject } from './objects.ts'
import { toSeconds } from './stamps.ts'

/** Sets a condition in place; its transition time moves only when its status does. */
export function setCondition(conditions: Condition[], now: number, condition: Condition): void {
  const index = conditions.findIndex(({ type }) => type === condition.type)
  const before = conditions[index]
  const lastTransitionTime = (before?.status === condition.status && before.lastTransitionTime) || toSeconds(now)
  const next = { ...condition, lastTransitionTime }
  if (index === -1) conditions.push(next)
  else conditions[index] = next
}

export const conditionOf = (object: { status?: { conditions?: Condition[] } } | undefined, type: string): Condition | undefined =>
  object?.status?.conditions?.find((condition) => condition.type === type)

export const isTrue = (object: { status?: { conditions?: Condition[] } } | undefined, type: string): boolean =>
  conditionOf(object, type)?.status === 'True'

/** The summary condition that Karpenter's objects have (operatorpkg's status.ConditionSet). */
export function setReady(conditions: Condition[], now: number, types: readonly string[], observedGeneration: number): void {
  const unhealthy = conditions.filter(({ type, status }) => types.includes(type) && status !== 'True')
  const status = unhealthy.some((condition) => condition.status === 'False') ? 'False' : unhealthy.length > 0 ? 'Unknown' : 'True'
  const reason = { True: 'Ready', False: 'UnhealthyDependents', Unknown: 'ReconcilingDependents' }[status]
  const message = unhealthy.map((condition) => `${condition.type}=${condition.status}`).join(', ')
  setCondition(conditions, now, { type: 'Ready', status, reason, message, observedGeneration })
}

/** Whether a class is ready in its newest form: a status of an older generation says nothing. */
export const isReadyNow = (object: KubeObject & { status?: { conditions?: Condition[] } }): boolean =>
  isTrue(object, 'Ready') && conditionOf(object, 'Ready')?.observedGeneration === object.metadata.generation
