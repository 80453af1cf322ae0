import { fieldsOf, readField, type KubernetesObject } from '@prebake/manifests'

/** The field manager, other than ours, that wrote the object's pod (or node) template last; undefined where none is on record. */
export function lastFieldManager({ metadata }: KubernetesObject): string | undefined {
  const others = (metadata.managedFields ?? []).filter(
    ({ manager, subresource, fieldsV1 }) =>
      manager !== 'prebake' && !subresource && 'f:template' in fieldsOf(readField(fieldsV1, 'f:spec')),
  )
  const [last] = others.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))
  return last?.manager
}

/** ` by \`kubectl\``, for messages; empty where no other manager is on record. */
export function byLastFieldManager(object: KubernetesObject): string {
  const manager = lastFieldManager(object)
  return manager === undefined ? '' : ` by \`${manager}\``
}
