import { fieldsOf, karpenterGroup, listAt, readField, textAt, textsByName } from '@prebake/manifests'
import { valueOf } from '../ports/fact.ts'
import { isWellKnown } from './karpenter-labels.ts'
import { fromCluster, manifestsOf, type Located } from './located.ts'
import { remember } from './remember.ts'
import { fulfils, overlap, podRequirements, readRequirements, type Requirement } from './requirement.ts'
import type { PreflightSubject } from './subject.ts'

/** NodePools of the manifests, or where they have none, those of the cluster. */
export function nodePoolsOf(subject: Pick<PreflightSubject, 'manifests' | 'facts'>): readonly Located[] {
  const given = manifestsOf(subject, karpenterGroup, 'NodePool')
  return given.length > 0 ? given : (valueOf(subject.facts.nodePools['']) ?? []).map(fromCluster)
}

/** Name of the EC2NodeClass that a NodePool refers to; undefined for a class of another kind. */
export function nodeClassNameOf({ object }: Located): string | undefined {
  const reference = fieldsOf(readField(object, 'spec.template.spec.nodeClassRef'))
  return reference['kind'] === 'EC2NodeClass' ? textAt(reference, 'name') : undefined
}

/** Whether the NodePool is EKS Auto Mode's: its nodes are made from a NodeClass of another API group, which takes no snapshot. */
export function isAutoMode({ object }: Located): boolean {
  return textAt(object, 'spec.template.spec.nodeClassRef.group') === 'eks.amazonaws.com'
}

/** What is true of a NodePool's nodes: its requirements, its labels and its name. */
export const poolRequirements: (pool: Located) => readonly Requirement[] = remember((pool: Located) => {
  const { object } = pool
  const labels = { ...textsByName(readField(object, 'spec.template.metadata.labels')), 'karpenter.sh/nodepool': object.metadata.name }
  return [
    ...readRequirements(listAt(object, 'spec.template.spec.requirements'), isAutoMode(pool)),
    ...Object.entries(labels).map(([key, value]): Requirement => ({ key, operator: 'In', values: [value] })),
  ]
})

/** What keeps pods from the nodes of a NodePool; both empty where nothing does. */
export interface Mismatch {
  /** Keys of the labels by which the pods select, and which no node has with such a value. */
  readonly labels: readonly string[]
  /** `nvidia.com/gpu:NoSchedule`, as kubectl writes them. */
  readonly taints: readonly string[]
}

export function mismatchOf(pool: Located, podSpec: unknown): Mismatch {
  const offered = poolRequirements(pool)
  const matches = (asked: Requirement) => {
    const same = offered.filter(({ key }) => key === asked.key)
    if (same.length > 0) return same.every((offer) => overlap(offer, asked))
    return isWellKnown(asked.key) || fulfils(undefined, asked)
  }
  const missing = podRequirements(podSpec, isAutoMode(pool)).map((asked) => asked.filter((one) => !matches(one)))
  // The terms are alternatives: what is missing is what the nearest one lacks.
  const [nearest = []] = missing.toSorted((a, b) => a.length - b.length)
  return { labels: nearest.map(({ key }) => key), taints: untolerated(pool, podSpec) }
}

/** Whether the NodePool makes nodes for pods of this spec: nodes that match what the pod selects, with taints that it tolerates. */
export function serves(pool: Located, podSpec: unknown): boolean {
  const { labels, taints } = mismatchOf(pool, podSpec)
  return labels.length === 0 && taints.length === 0
}

function untolerated({ object }: Located, podSpec: unknown): readonly string[] {
  const tolerations = listAt(podSpec, 'tolerations').map(fieldsOf)
  return listAt(object, 'spec.template.spec.taints')
    .map(fieldsOf)
    .filter(({ effect }) => effect !== 'PreferNoSchedule')
    .filter(
      (taint) =>
        !tolerations.some(
          ({ key, operator, value, effect }) =>
            (key === undefined || key === taint['key']) &&
            (operator === 'Exists' || (value ?? '') === (taint['value'] ?? '')) &&
            (effect === undefined || effect === '' || effect === taint['effect']),
        ),
    )
    .map(({ key, value, effect }) => `${String(key)}${typeof value === 'string' ? `=${value}` : ''}:${String(effect)}`)
}
