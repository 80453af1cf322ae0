import { fieldsOf, listAt, textAt, textsAt, textsByName } from '@prebake/manifests'
import { normalizeLabel } from './karpenter-labels.ts'

/** One condition on a node label: of a pod, or of a NodePool. */
export interface Requirement {
  readonly key: string
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`. */
  readonly operator: string
  readonly values: readonly string[]
}

export function readRequirements(expressions: readonly unknown[]): readonly Requirement[] {
  return expressions.map((expression) => ({
    key: normalizeLabel(textAt(expression, 'key') ?? ''),
    operator: textAt(expression, 'operator') ?? '',
    values: textsAt(expression, 'values'),
  }))
}

/** A pod's conditions on its node: the node must fulfil all of one of these lists (the terms of its required node affinity are alternatives). */
export function podRequirements(spec: unknown): readonly (readonly Requirement[])[] {
  const selector = Object.entries(textsByName(fieldsOf(spec)['nodeSelector'])).map(([key, value]): Requirement => ({
    key: normalizeLabel(key),
    operator: 'In',
    values: [value],
  }))
  const terms = listAt(spec, 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms')
  if (terms.length === 0) return [selector]
  return terms.map((term) => [...selector, ...readRequirements(listAt(term, 'matchExpressions'))])
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
    case 'Lt':
      return Number(value) < Number(values[0])
    default:
      return true
  }
}

/** Whether some value fulfils both. Exact where one of them lists its values; otherwise assumed. */
export function overlap(one: Requirement, other: Requirement): boolean {
  if (one.operator === 'In') return one.values.some((value) => fulfils(value, other))
  if (other.operator === 'In') return other.values.some((value) => fulfils(value, one))
  const [isAbsent, mustExist] = [one, other].map(({ operator }) => operator === 'DoesNotExist')
  return isAbsent === mustExist || ![one, other].some(({ operator }) => ['Exists', 'Gt', 'Lt'].includes(operator))
}
