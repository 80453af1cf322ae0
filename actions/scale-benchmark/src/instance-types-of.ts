import { isNodePool, listAt, textAt, textsAt, type IsolatedCopy } from '@prebake/manifests'
import type { Measurement } from '@prebake/startup'

const typeLabel = 'node.kubernetes.io/instance-type'

/** Instance types of the nodes that the new pods of a measurement are on, one for each; `unknown` where the watches did not show it. */
export function instanceTypesOf({ observations, pods }: Measurement): readonly string[] {
  const nodes = new Map<string, string>()
  const places = new Map<string, string>()
  for (const { kind, object } of observations) {
    if (kind === 'Node') nodes.set(object.metadata.name, object.metadata.labels?.[typeLabel] ?? 'unknown')
    if (kind === 'Pod') places.set(object.metadata.name, textAt(object, 'spec.nodeName') ?? '')
  }
  return pods.map((pod) => nodes.get(places.get(pod) ?? '') ?? 'unknown')
}

/** The most nodes that copies can have while one of them is scaled up, each of the first type that its NodePool names. */
export function possibleInstanceTypes(
  copies: readonly IsolatedCopy[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly string[] {
  return copies.flatMap(({ manifests }, index) => {
    const nodePool = manifests.find(({ document }) => isNodePool(document))?.document
    const requirement = listAt(nodePool, 'spec.template.spec.requirements').find((each) => textAt(each, 'key') === typeLabel)
    const [first = 'unknown'] = textsAt(requirement, 'values')
    return Array.from({ length: index === 0 ? to : from }, () => first)
  })
}
