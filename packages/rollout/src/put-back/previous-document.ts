import type { KubernetesObject } from '@prebake/manifests'
import { heldBy } from '../hold/hold-document.ts'
import { isMap, ownedFields } from './owned-fields.ts'

type Fields = Readonly<Record<string, unknown>>

export interface Previous {
  /** The object before our new document was applied. */
  readonly before: KubernetesObject
  /** Our new document. */
  readonly document: KubernetesObject
  /** The object as it is now. */
  readonly live: KubernetesObject
}

/**
 * The document that makes an object what it was: the fields that we owned before, and those that our new document has set since, each with its value
 * from before. What the new document has added is not in it, and so given up.
 * @param whole all that the object said, whoever owned it: for what cannot be put back field by field.
 */
export function previousDocument({ before, document, live }: Previous, whole = false): KubernetesObject {
  const owned = before.metadata.managedFields?.find(
    ({ manager, operation, subresource }) => manager === 'prebake' && operation === 'Apply' && !subresource,
  )?.fieldsV1
  const set = whole ? { ...before, metadata: document.metadata } : document
  const ours = owned === undefined || whole ? {} : ownedFields(before, owned)
  const { status: _, metadata: said = {}, ...content } = joined(ours, formerly(before, set, whole ? undefined : owned)) as Fields
  const { apiVersion, kind } = before
  const { name, namespace } = before.metadata
  const { labels, annotations } = said as Partial<KubernetesObject['metadata']>
  const metadata = { name, ...(namespace && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) }
  return scaled(released({ ...content, apiVersion, kind, metadata }, before, document), { before, document, live }, owned)
}

/** The former values of the fields that `document` sets and that were not ours. */
function formerly(before: unknown, document: unknown, owned: unknown): unknown {
  if (!isMap(before) || !isMap(document)) return before
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => {
      if (!(key in before)) return []
      const mine = isMap(owned) ? owned[`f:${key}`] : undefined
      if (isMap(value) && isMap(before[key])) return [[key, formerly(before[key], value, mine)]]
      return mine === undefined ? [[key, before[key]]] : []
    }),
  )
}

function joined(one: unknown, other: unknown): unknown {
  if (!isMap(one) || !isMap(other)) return other
  return { ...one, ...Object.fromEntries(Object.entries(other).map(([key, value]) => [key, key in one ? joined(one[key], value) : value])) }
}

/** A hold that a dead run has left is not put back: budgets are then what the manifest says. */
function released(previous: KubernetesObject, before: KubernetesObject, document: KubernetesObject): KubernetesObject {
  if (before.metadata.annotations?.[heldBy] === undefined) return previous
  const { [heldBy]: _, ...annotations } = previous.metadata.annotations ?? {}
  const { disruption } = specOf(document)
  const spec = { ...specOf(previous), ...(disruption === undefined ? {} : { disruption }) }
  return { ...previous, metadata: { ...previous.metadata, annotations }, spec }
}

/**
 * `spec.replicas` is put back only where it was ours: it belongs to whoever scales. Where the new document has taken it from them it stays what it is
 * now, since a field that is given up falls back to 1.
 */
function scaled(previous: KubernetesObject, { document, live }: Previous, owned: unknown): KubernetesObject {
  if (!('replicas' in specOf(previous))) return previous
  const spec = isMap(owned) ? owned['f:spec'] : undefined
  if (isMap(spec) && 'f:replicas' in spec) return previous
  const { replicas: _, ...others } = specOf(previous)
  const taken = 'replicas' in specOf(document)
  return { ...previous, spec: taken ? { ...others, replicas: specOf(live)['replicas'] } : others }
}

const specOf = (object: KubernetesObject): Fields => (object['spec'] ?? {}) as Fields
