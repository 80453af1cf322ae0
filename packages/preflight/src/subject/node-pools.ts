import type { InstanceType } from '../ports/instance-types.ts'
import { isWellKnown } from './karpenter-labels.ts'
import { fromCluster, manifestsOf, type Located } from './located.ts'
import { fieldsOf, listAt, readField, textAt, textsByName } from '@prebake/manifests'
import { fulfils, overlap, podRequirements, readRequirements, type Requirement } from './requirement.ts'
import { valueOf } from '../ports/fact.ts'
import type { PreflightSubject } from './subject.ts'

/** NodePools of the manifests, or where they have none, those of the cluster. */
export function nodePoolsOf(subject: Pick<PreflightSubject, 'manifests' | 'facts'>): readonly Located[] {
  const given = manifestsOf(subject, 'karpenter.sh', 'NodePool')
  return given.length > 0 ? given : (valueOf(subject.facts.nodePools['']) ?? []).map(fromCluster)
}

/** Name of the EC2NodeClass that a NodePool refers to; undefined for a class of another kind. */
export function nodeClassNameOf({ object }: Located): string | undefined {
  const reference = fieldsOf(readField(object, 'spec.template.spec.nodeClassRef'))
  return reference['kind'] === 'EC2NodeClass' ? textAt(reference, 'name') : undefined
}

/** What a NodePool's nodes fulfil: its requirements, and its labels. */
export function poolRequirements({ object }: Located): readonly Requirement[] {
  const labels = Object.entries(textsByName(readField(object, 'spec.template.metadata.labels')))
  return [
    ...readRequirements(listAt(object, 'spec.template.spec.requirements')),
    ...labels.map(([key, value]): Requirement => ({ key, operator: 'In', values: [value] })),
  ]
}

/** Whether the NodePool makes nodes for pods of this spec: they fulfil what it selects, and it tolerates their taints. */
export function serves(pool: Located, podSpec: unknown): boolean {
  const offered = poolRequirements(pool)
  const matches = (asked: Requirement) => {
    const same = offered.filter(({ key }) => key === asked.key)
    if (same.length > 0) return same.every((offer) => overlap(offer, asked))
    return isWellKnown(asked.key) || fulfils(undefined, asked)
  }
  return podRequirements(podSpec).some((asked) => asked.every(matches)) && toleratesTaints(pool, podSpec)
}

/** The types of the table that NodePool and pod allow, or that one of them leaves no choice about though the table does not know it. */
export function allowedTypes(
  pool: Located,
  podSpec: unknown,
  table: readonly InstanceType[],
): { readonly types: readonly InstanceType[]; readonly unknown: boolean } {
  const offered = poolRequirements(pool)
  const alternatives = podRequirements(podSpec).map((asked) => [...offered, ...asked])
  const types = table.filter((type) =>
    alternatives.some((requirements) => requirements.every((requirement) => fitsLabel(type, requirement))),
  )
  const named = offered.filter(({ key, operator }) => key === 'node.kubernetes.io/instance-type' && operator === 'In')
  const unknown = named.some(({ values }) => values.some((value) => !table.some(({ name }) => name === value)))
  return { types, unknown }
}

function fitsLabel(type: InstanceType, requirement: Requirement): boolean {
  const own = labelsOf(type)
  return requirement.key in own ? fulfils(own[requirement.key], requirement) : true
}

/** Made once: every requirement of every NodePool asks for them. */
const labelsByType = new WeakMap<InstanceType, Readonly<Record<string, string>>>()

function labelsOf(type: InstanceType): Readonly<Record<string, string>> {
  const known = labelsByType.get(type) ?? makeLabels(type)
  labelsByType.set(type, known)
  return known
}

function makeLabels(type: InstanceType): Readonly<Record<string, string>> {
  const [family = '', size = ''] = type.name.split('.')
  const [, category = '', generation = ''] = /^([a-z]+)(\d+)/.exec(family) ?? []
  const aws = {
    'instance-family': family,
    'instance-size': size,
    'instance-category': category,
    'instance-generation': generation,
    'instance-cpu': String(type.vcpus),
    'instance-gpu-count': String(type.gpus),
    'instance-gpu-name': type.gpuName,
    'instance-gpu-manufacturer': 'nvidia',
    'instance-gpu-memory': String(type.gpuMemoryMiB),
    'instance-ebs-bandwidth': String(type.ebsMbps),
  }
  return {
    'node.kubernetes.io/instance-type': type.name,
    'kubernetes.io/arch': type.architecture,
    ...Object.fromEntries(Object.entries(aws).map(([name, value]) => [`karpenter.k8s.aws/${name}`, value])),
  }
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
