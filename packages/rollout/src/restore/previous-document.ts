import { isFields, pausedBy, pausedUntil, servedBefore, specOf, type Fields, type KubernetesObject } from '@prebake/manifests'
import { entryOfUs, ownedFields } from './owned-fields.ts'

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
 * from before. What the new document added is not in it, and is therefore removed.
 * @param whole everything that the object said, whoever owned it: for what cannot be restored field by field.
 */
export function previousDocument({ before, document, live }: Previous, whole = false): KubernetesObject {
  const owned = entryOfUs(before)
  const set = whole ? { ...before, metadata: document.metadata } : document
  const ours = owned === undefined || whole ? {} : ownedFields(before, owned)
  const { status: _, metadata: kept = {}, ...content } = merge(ours, formerValues(before, set, whole ? undefined : owned)) as Fields
  const { apiVersion, kind } = before
  const { name, namespace } = before.metadata
  const { labels, annotations } = kept as Partial<KubernetesObject['metadata']>
  const metadata = { name, ...(namespace && { namespace }), ...(labels && { labels }), ...(annotations && { annotations }) }
  return withReplicas(withoutPause({ ...content, apiVersion, kind, metadata }, before, document), { before, document, live }, owned)
}

/** The former values of the fields that `document` sets and that were not ours. */
function formerValues(before: unknown, document: unknown, owned: unknown): unknown {
  if (!isFields(before) || !isFields(document)) return before
  return Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => {
      if (!(key in before)) return []
      const mine = isFields(owned) ? owned[`f:${key}`] : undefined
      if (isFields(value) && isFields(before[key])) return [[key, formerValues(before[key], value, mine)]]
      return mine === undefined ? [[key, before[key]]] : []
    }),
  )
}

function merge(one: unknown, other: unknown): unknown {
  if (!isFields(one) || !isFields(other)) return other
  return { ...one, ...Object.fromEntries(Object.entries(other).map(([key, value]) => [key, key in one ? merge(one[key], value) : value])) }
}

/** A pause that a dead run has left is not restored: the budgets are then those of the manifest. */
function withoutPause(previous: KubernetesObject, before: KubernetesObject, document: KubernetesObject): KubernetesObject {
  if (before.metadata.annotations?.[pausedBy] === undefined) return previous
  const { [pausedBy]: _, [pausedUntil]: _until, [servedBefore]: _before, ...annotations } = previous.metadata.annotations ?? {}
  const { disruption } = specOf(document)
  const spec = { ...specOf(previous), ...(disruption === undefined ? {} : { disruption }) }
  return { ...previous, metadata: { ...previous.metadata, annotations }, spec }
}

/**
 * `spec.replicas` is restored only where it was ours, because it belongs to whoever scales. Where the new document has taken it from them it keeps its
 * present value, since a field that is removed falls back to 1.
 */
function withReplicas(previous: KubernetesObject, { document, live }: Previous, owned: unknown): KubernetesObject {
  if (!('replicas' in specOf(previous))) return previous
  const spec = isFields(owned) ? owned['f:spec'] : undefined
  if (isFields(spec) && 'f:replicas' in spec) return previous
  const { replicas: _, ...others } = specOf(previous)
  const taken = 'replicas' in specOf(document)
  return { ...previous, spec: taken ? { ...others, replicas: specOf(live)['replicas'] } : others }
}
