import { fieldsOf, listAt, specOf, textsByName, type Fields } from '../kubernetes/fields.ts'
import type { KubernetesObject } from '../kubernetes/kubernetes-object.ts'
import { ownerLabel, ownLabels, type Isolation } from './isolation.ts'

/** The name that the copy of an object has; of one that is not copied, its own. */
export type NameOf = (kind: string, name: string) => string

/**
 * The NodePool of the copy: its nodes are made from the copy's EC2NodeClass, carry its labels, and repel every other pod by a taint. They stay while they
 * are empty: the run itself ends them.
 */
export function isolateNodePool(nodePool: KubernetesObject, isolation: Isolation, nameOf: NameOf): KubernetesObject {
  const { weight: _, disruption, ...spec } = specOf(nodePool)
  const template = fieldsOf(spec['template'])
  const metadata = fieldsOf(template['metadata'])
  const nodes = fieldsOf(template['spec'])
  const reference = fieldsOf(nodes['nodeClassRef'])
  const labels = Object.entries(textsByName(metadata['labels'])).map(([key, value]) => [key, renameValue(value, nameOf)])
  return {
    ...nodePool,
    spec: {
      ...spec,
      template: {
        ...template,
        metadata: { ...metadata, labels: { ...Object.fromEntries(labels), ...ownLabels(isolation) } },
        spec: {
          ...nodes,
          nodeClassRef: { ...reference, name: nameOf('EC2NodeClass', String(reference['name'])) },
          taints: [...listAt(nodes, 'taints'), taintOf(isolation)],
          ...(nodes['requirements'] !== undefined && { requirements: renameValues(listAt(nodes, 'requirements'), nameOf) }),
        },
      },
      disruption: { ...fieldsOf(disruption), consolidationPolicy: 'WhenEmpty', consolidateAfter: 'Never' },
    },
  }
}

const taintOf = ({ owner }: Isolation) => ({ key: ownerLabel, value: owner, effect: 'NoSchedule' })

/** Lets the copy's pods onto its nodes. */
export const tolerationOf = ({ owner }: Isolation) => ({ key: ownerLabel, operator: 'Equal', value: owner, effect: 'NoSchedule' })

/** Requirements and match expressions, with the names of EC2NodeClass and NodePool as the copy has them. */
export function renameValues(requirements: readonly unknown[], nameOf: NameOf): readonly unknown[] {
  return requirements.map((each): unknown => {
    const requirement: Fields = fieldsOf(each)
    if (!Array.isArray(requirement['values'])) return each
    return { ...requirement, values: requirement['values'].map((value: unknown) => renameValue(value, nameOf)) }
  })
}

/** A label's value that is the name of the EC2NodeClass or of the NodePool is that of the copy's. */
export function renameValue(value: unknown, nameOf: NameOf): unknown {
  return typeof value === 'string' ? nameOf('NodePool', nameOf('EC2NodeClass', value)) : value
}
