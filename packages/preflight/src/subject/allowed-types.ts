import { unjudged, type Unjudged } from '../finding.ts'
import type { InstanceType } from './instance-type.ts'
import type { Located } from './located.ts'
import { isAutoMode, poolRequirements } from './node-pools.ts'
import { remember } from './remember.ts'
import { fulfils, isKnownOperator, podRequirements, type Requirement } from './requirement.ts'

/**
 * The known instance types that both NodePool and pod allow.
 * @returns `unknown`: whether the NodePool names a type, or either uses an operator, that is not known here: nothing can be said then.
 */
export function allowedTypes(
  pool: Located,
  podSpec: unknown,
  known: readonly InstanceType[],
): { readonly types: readonly InstanceType[]; readonly unknown: boolean } {
  const offered = poolRequirements(pool)
  const alternatives = podRequirements(podSpec, isAutoMode(pool)).map((asked) => [...offered, ...asked])
  if (!alternatives.flat().every(isKnownOperator)) return { types: [], unknown: true }
  const types = known.filter((type) =>
    alternatives.some((requirements) => requirements.every((requirement) => fitsLabel(type, requirement))),
  )
  const named = offered.filter(({ key, operator }) => key === 'node.kubernetes.io/instance-type' && operator === 'In')
  const unknown = named.some(({ values }) => values.some((value) => !known.some(({ name }) => name === value)))
  return { types, unknown }
}

function fitsLabel(type: InstanceType, requirement: Requirement): boolean {
  const own = labelsOf(type)
  return requirement.key in own ? fulfils(own[requirement.key], requirement) : true
}

/** What a rule on instance types could not judge. */
export function unknownTypes(pool: Located): Unjudged {
  return unjudged(pool, 'spec.template.spec.requirements', 'some instance types, or an operator, are not known here')
}

const labelsOf = remember(makeLabels)

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
