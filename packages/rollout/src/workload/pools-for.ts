import {
  fieldsOf,
  listAt,
  nodePoolFields,
  readField,
  textAt,
  textsAt,
  textsByName,
  type Fields,
  type KubernetesObject,
} from '@prebake/manifests'
import { nodePoolLabel } from '../observe/karpenter-names.ts'

/**
 * The NodePools whose nodes these pods select, by a label that a NodePool gives its nodes or by its name, in `nodeSelector` or in a required node affinity.
 * A pod that selects another value of such a label, or nothing of the kind, does not ask for these nodes: it may run anywhere.
 */
export function poolsFor(podSpecs: readonly Fields[], nodePools: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const selections = podSpecs.flatMap(selectionsOf)
  return nodePools.filter((pool) => {
    const labels: Readonly<Record<string, string>> = {
      ...nodePoolFields(pool).spec?.template?.metadata?.labels,
      [nodePoolLabel]: pool.metadata.name,
    }
    return selections.some((selected) => {
      const known = Object.entries(selected).filter(([key]) => key in labels)
      return known.length > 0 && known.every(([key, values]) => values.includes(labels[key] ?? ''))
    })
  })
}

/** Labels that Karpenter knows of an instance by itself: a pod may select them of any NodePool (karpenter pkg/apis/v1/labels.go, WellKnownLabels). */
const wellKnown = /(^|\.)kubernetes\.io\/|^karpenter\.k8s\.aws\/|^karpenter\.sh\/capacity-type$/

export const isWellKnownLabel = (key: string): boolean => wellKnown.test(key)

/** The NodePools that may make nodes for these pods, as far as labels tell: those that they select, or all, where they select none by a label of its own. */
export function poolsOpenTo(podSpecs: readonly Fields[], nodePools: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const selected = poolsFor(podSpecs, nodePools)
  const selects = podSpecs.flatMap(selectionsOf).some((selection) => Object.keys(selection).some((key) => !isWellKnownLabel(key)))
  return selected.length > 0 || selects ? selected : nodePools
}

type Selection = Readonly<Record<string, readonly string[]>>

/** The values that each label may have: one selection for each term of the affinity, since one of them is enough. */
function selectionsOf(spec: Fields): readonly Selection[] {
  const selector = Object.entries(textsByName(spec['nodeSelector'])).map(([key, value]): [string, readonly string[]] => [key, [value]])
  const terms = listAt(spec, 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms')
  const byTerm = terms.map((term) =>
    listAt(term, 'matchExpressions')
      .filter((expression) => textAt(expression, 'operator') === 'In')
      .map((expression): [string, readonly string[]] => [textAt(expression, 'key') ?? '', textsAt(expression, 'values')]),
  )
  return (byTerm.length === 0 ? [[]] : byTerm).map((expressions) => Object.fromEntries([...selector, ...expressions]))
}

/** Whether these pods are ones that the rollout is about: they select nodes of these NodePools, or use a GPU. Others may run anywhere. */
export function isFor(podSpecs: readonly Fields[], nodePools: readonly KubernetesObject[]): boolean {
  return poolsFor(podSpecs, nodePools).length > 0 || podSpecs.some(needsGpu)
}

/** Whether one of its containers asks for a GPU of NVIDIA: what serves a model, and not what runs beside it. */
export function needsGpu(spec: Fields): boolean {
  return listAt(spec, 'containers').some(usesGpu)
}

export function usesGpu(container: unknown): boolean {
  const resources = ['limits', 'requests'].map((kind) => fieldsOf(readField(container, `resources.${kind}`)))
  return resources.some((given) => Object.keys(given).some((name) => name.startsWith('nvidia.com/')))
}
