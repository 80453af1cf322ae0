import type { KubernetesObject } from '@prebake/manifests'

/** The field manager, other than ours, that wrote the object's pod (or node) template last: ` by \`kubectl\``; empty where it is not on record. */
export function byWhom({ metadata }: KubernetesObject): string {
  const others = (metadata.managedFields ?? []).filter(
    ({ manager, subresource, fieldsV1 }) => manager !== 'prebake' && !subresource && 'f:template' in specOf(fieldsV1),
  )
  const [last] = others.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))
  return last?.manager === undefined ? '' : ` by \`${last.manager}\``
}

const specOf = (fieldsV1: object | undefined): object => ((fieldsV1 ?? {}) as { readonly 'f:spec'?: object })['f:spec'] ?? {}
