import { fieldsOf, isFields, textsByName, type Fields } from '../kubernetes/fields.ts'

type Labels = Readonly<Record<string, string>>

/**
 * Inter-pod affinity and topology spread of the pod, where they select pods of their own kind: they then select those of the copy. What selects other pods
 * stays as it is.
 * @param before the labels that the pods had. @param after those that they have
 */
export function selectOwnPods(pod: Fields, before: Labels, after: Labels): Fields {
  return {
    ...pod,
    ...(pod['affinity'] !== undefined && { affinity: fieldsOf(rewrite(pod['affinity'], before, after)) }),
    ...(pod['topologySpreadConstraints'] !== undefined && {
      topologySpreadConstraints: rewrite(pod['topologySpreadConstraints'], before, after),
    }),
  }
}

function rewrite(value: unknown, before: Labels, after: Labels): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, before, after))
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'labelSelector' && selects(member, before) ? { matchLabels: after } : rewrite(member, before, after),
    ]),
  )
}

/** Whether a selector is met by these labels. One with expressions is left alone: it may mean other pods too. */
function selects(selector: unknown, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = fieldsOf(selector)
  const wanted = Object.entries(textsByName(matchLabels))
  return matchExpressions === undefined && wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}
