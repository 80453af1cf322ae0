import { fieldsOf, listAt, readField, specOf, textsByName, type Fields } from '../kubernetes/fields.ts'
import type { KubernetesObject } from '../kubernetes/kubernetes-object.ts'
import { ownLabels, type Isolation } from './isolation.ts'
import { renameValue, renameValues, tolerationOf, type NameOf } from './isolate-node-pool.ts'
import { renameMounted } from './rename-mounted.ts'
import { selectOwnPods } from './select-own-pods.ts'

/**
 * The Deployment of the copy: its pods have the copy's labels and no others, so that no Service, autoscaler or disruption budget selects them, and run on the
 * copy's nodes alone.
 * @param own with the copy's metadata. @param original as it was given
 */
export function isolateDeployment(
  own: KubernetesObject,
  original: KubernetesObject,
  isolation: Isolation,
  nameOf: NameOf,
): KubernetesObject {
  const labels = ownLabels(isolation)
  const { template, selector: _, ...spec } = specOf(original)
  const metadata = fieldsOf(fieldsOf(template)['metadata'])
  const pod = renameMounted(fieldsOf(fieldsOf(template)['spec']), nameOf)
  const selected = selectOwnPods(pod, textsByName(metadata['labels']), labels)
  return {
    ...own,
    spec: {
      ...spec,
      replicas: isolation.replicas,
      selector: { matchLabels: labels },
      template: { ...fieldsOf(template), metadata: { ...metadata, labels }, spec: onOwnNodes(selected, isolation, nameOf) },
    },
  }
}

function onOwnNodes(pod: Fields, isolation: Isolation, nameOf: NameOf): Fields {
  const nodeSelector = Object.entries(textsByName(pod['nodeSelector'])).map(([key, value]) => [key, renameValue(value, nameOf)])
  const affinity = fieldsOf(pod['affinity'])
  return {
    ...pod,
    nodeSelector: { ...Object.fromEntries(nodeSelector), ...ownLabels(isolation) },
    tolerations: [...listAt(pod, 'tolerations'), tolerationOf(isolation)],
    ...(pod['affinity'] !== undefined && {
      affinity: { ...affinity, ...(affinity['nodeAffinity'] !== undefined && { nodeAffinity: renameAffinity(affinity, nameOf) }) },
    }),
  }
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

function renameAffinity(affinity: Fields, nameOf: NameOf): Fields {
  const node = fieldsOf(affinity['nodeAffinity'])
  const renameTerm = (term: unknown): Fields => ({
    ...fieldsOf(term),
    ...(readField(term, 'matchExpressions') !== undefined && { matchExpressions: renameValues(listAt(term, 'matchExpressions'), nameOf) }),
  })
  return {
    ...node,
    ...(node[required] !== undefined && {
      [required]: { nodeSelectorTerms: listAt(node[required], 'nodeSelectorTerms').map(renameTerm) },
    }),
    ...(node[preferred] !== undefined && {
      [preferred]: listAt(node, preferred).map((each) => ({ ...fieldsOf(each), preference: renameTerm(readField(each, 'preference')) })),
    }),
  }
}
