import { fieldsOf, karpenterGroup, listAt, readField, textAt, textsByName } from '@prebake/manifests'
import { valueOf } from '../ports/fact.ts'
import { isWellKnown } from './karpenter-labels.ts'
import { fromCluster, manifestsOf, type Located } from './located.ts'
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

/** What is true of a NodePool's nodes: its requirements, and its labels. */
export function poolRequirements({ object }: Located): readonly Requirement[] {
  const labels = Object.entries(textsByName(readField(object, 'spec.template.metadata.labels')))
  return [
    ...readRequirements(listAt(object, 'spec.template.spec.requirements')),
    ...labels.map(([key, value]): Requirement => ({ key, operator: 'In', values: [value] })),
  ]
}

/** Whether the NodePool makes nodes for pods of this spec: nodes that match what the pod selects, with taints that it tolerates. */
export function serves(pool: Located, podSpec: unknown): boolean {
  const offered = poolRequirements(pool)
  const matches = (asked: Requirement) => {
    const same = offered.filter(({ key }) => key === asked.key)
    if (same.length > 0) return same.every((offer) => overlap(offer, asked))
    return isWellKnown(asked.key) || fulfils(undefined, asked)
  }
  return podRequirements(podSpec).some((asked) => asked.every(matches)) && toleratesTaints(pool, podSpec)
}

function toleratesTaints({ object }: Located, podSpec: unknown): boolean {
  const tolerations = listAt(podSpec, 'tolerations').map(fieldsOf)
  return listAt(object, 'spec.template.spec.taints')
    .map(fieldsOf)
    .filter(({ effect }) => effect !== 'PreferNoSchedule')
    .every((taint) =>
      tolerations.some(
        ({ key, operator, value, effect }) =>
          (key === undefined || key === taint['key']) &&
          (operator === 'Exists' || (value ?? '') === (taint['value'] ?? '')) &&
          (effect === undefined || effect === '' || effect === taint['effect']),
      ),
    )
}
