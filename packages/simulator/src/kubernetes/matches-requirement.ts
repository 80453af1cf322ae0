import type { PodSpec, Requirement, Taint } from './objects.ts'

/** Whether labels satisfy one requirement: a NodePool's, or one of a pod's node affinity. */
export function matchesRequirement(labels: Readonly<Record<string, string>>, { key, operator, values = [] }: Requirement): boolean {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return Number(value) > Number(values[0])
    case 'Lt':
      return Number(value) < Number(values[0])
    default:
      return false
  }
}

/** The labels that a pod asks of its node, selector and required affinity, by the first term of each kind. */
export function nodeRequirements({ nodeSelector = {}, affinity }: PodSpec): readonly Requirement[] {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  const selected = Object.entries(nodeSelector).map(([key, value]) => ({ key, operator: 'In', values: [value] }))
  return [...selected, ...(terms[0]?.matchExpressions ?? [])]
}

/** The first taint that keeps a pod off, if any. PreferNoSchedule never does. */
export function untolerated({ tolerations = [] }: PodSpec, taints: readonly Taint[] = []): Taint | undefined {
  return taints.find(
    (taint) =>
      taint.effect !== 'PreferNoSchedule' &&
      !tolerations.some(
        ({ key, operator = 'Equal', value = '', effect }) =>
          (effect === undefined || effect === '' || effect === taint.effect) &&
          (operator === 'Exists'
            ? key === undefined || key === '' || key === taint.key
            : key === taint.key && value === (taint.value ?? '')),
      ),
  )
}

export const formatTaint = ({ key, value, effect }: Taint): string =>
  `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`
