import { fieldsOf, listAt, textAt, textsAt, textsByName } from '@prebake/manifests'
import { normalizeLabel } from './karpenter-labels.ts'

/** One condition on a node label: of a pod, or of a NodePool. */
export interface Requirement {
  readonly key: string
  /** One of `operators`, or one that is not known here. */
  readonly operator: string
  readonly values: readonly string[]
}

/** Of Kubernetes' node selectors, and Karpenter's `Gte` and `Lte`. */
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Gte', 'Lt', 'Lte']

export const isKnownOperator = ({ operator }: Requirement) => operators.includes(operator)

/** @param isAutoMode whether the nodes are EKS Auto Mode's, which has labels of its own. */
export function readRequirements(expressions: readonly unknown[], isAutoMode = false): readonly Requirement[] {
  return expressions.map((expression) => ({
    key: normalizeLabel(textAt(expression, 'key') ?? '', isAutoMode),
    operator: textAt(expression, 'operator') ?? '',
    values: textsAt(expression, 'values'),
  }))
}

/** A pod's conditions on its node: the node must fulfil all of one of these lists (the terms of its required node affinity are alternatives). */
export function podRequirements(spec: unknown, isAutoMode = false): readonly (readonly Requirement[])[] {
  const selector = Object.entries(textsByName(fieldsOf(spec)['nodeSelector'])).map(([key, value]): Requirement => ({
    key: normalizeLabel(key, isAutoMode),
    operator: 'In',
    values: [value],
  }))
  const terms = listAt(spec, 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms')
  if (terms.length === 0) return [selector]
  return terms.map((term) => [...selector, ...readRequirements(listAt(term, 'matchExpressions'), isAutoMode)])
}

/** Whether a node with this value of the label (undefined: without it) fulfils the condition. */
export function fulfils(value: string | undefined, { operator, values }: Requirement): boolean {
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
    case 'Gte':
      return Number(value) >= Number(values[0])
    case 'Lt':
      return Number(value) < Number(values[0])
    case 'Lte':
      return Number(value) <= Number(values[0])
    default:
      return true
  }
}

/** The whole numbers that a condition leaves. */
function rangeOf({ operator, values }: Requirement): readonly [least: number, most: number] {
  const bound = Number(values[0])
  if (operator === 'Gt' || operator === 'Gte') return [bound + (operator === 'Gt' ? 1 : 0), Infinity]
  if (operator === 'Lt' || operator === 'Lte') return [-Infinity, bound - (operator === 'Lt' ? 1 : 0)]
  return [-Infinity, Infinity]
}

/** Whether some value fulfils both. Exact where one of them lists its values, or both are bounds; otherwise assumed. */
export function overlap(one: Requirement, other: Requirement): boolean {
  if (one.operator === 'In') return one.values.some((value) => fulfils(value, other))
  if (other.operator === 'In') return other.values.some((value) => fulfils(value, one))
  const isAbsent = [one, other].map(({ operator }) => operator === 'DoesNotExist')
  if (isAbsent.includes(true)) return [one, other].every(({ operator }) => ['DoesNotExist', 'NotIn'].includes(operator))
  const [[least, most], [otherLeast, otherMost]] = [rangeOf(one), rangeOf(other)]
  return Math.max(least, otherLeast) <= Math.min(most, otherMost)
}
