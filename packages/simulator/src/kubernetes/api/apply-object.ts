import type { Cluster } from '../cluster.ts'
import { groupVersionOf } from '../kinds.ts'
import type { KubeObject, Metadata } from '../objects.ts'
import { toSeconds } from '../stamps.ts'
import { checkObject } from './check-object.ts'
import { fieldsOf, mergePatch, withoutDropped } from './merge.ts'
import type { ResourcePath } from './read-path.ts'
import { setDefaults } from './set-defaults.ts'
import { sameJson } from '../same-json.ts'

export interface ApplyOptions {
  readonly manager: string
  readonly dryRun: boolean
}

/**
 * Server-side apply, as far as one manager's documents go: it creates, or merges and stores; what the manager applied before and has dropped is
 * removed, what others have set stays. Lists are replaced whole, where the real server merges some by a key. Conflicts between managers are the real
 * server's business: here everyone owns everything, as with `force`.
 * @throws StatusError as `checkObject`.
 */
export function applyObject(
  cluster: Cluster,
  path: ResourcePath & { name: string },
  document: unknown,
  { manager, dryRun }: ApplyOptions,
): { object: KubeObject; created: boolean } {
  checkObject(cluster, path, document)
  const { kind, name, namespace } = path
  const { store, agenda, applied } = cluster
  const { status: _, metadata: given, apiVersion: __, kind: ___, ...fields } = document
  const wanted = { ...fields, metadata: settable(given) }
  const now = agenda.now()
  const owned = (before: object[] = []) => {
    const fieldsV1 = fieldsOf(wanted)
    const entry = { manager, operation: 'Apply', apiVersion: groupVersionOf(kind), time: toSeconds(now), fieldsType: 'FieldsV1', fieldsV1 }
    const others = before.filter((other) => !sameJson({ ...other, time: '', fieldsV1: {} }, { ...entry, time: '', fieldsV1: {} }))
    const same = before.find((other) => sameJson({ ...other, time: '' }, { ...entry, time: '' }))
    return same ? before : [...others, entry]
  }
  const existing = store.get(kind.kind, name, namespace)

  if (!existing) {
    const metadata = { ...wanted.metadata, name, ...(namespace !== undefined && { namespace }), managedFields: owned() }
    const object = structuredClone({ ...wanted, apiVersion: groupVersionOf(kind), kind: kind.kind, metadata }) as unknown as KubeObject
    setDefaults(object)
    if (dryRun)
      return { object: { ...object, metadata: { ...object.metadata, creationTimestamp: toSeconds(now), generation: 1 } }, created: true }
    const stored = store.create(object)
    applied.set(`${stored.metadata.uid}/${manager}`, wanted)
    return { object: stored, created: true }
  }

  const before = applied.get(`${existing.metadata.uid}/${manager}`)
  const merge = (draft: KubeObject) => {
    const merged = mergePatch(withoutDropped(draft, before, wanted), wanted) as KubeObject
    Object.assign(draft, merged, { metadata: { ...merged.metadata, managedFields: owned(draft.metadata.managedFields) } })
    for (const key of Object.keys(draft)) if (!(key in merged)) delete (draft as unknown as Record<string, unknown>)[key]
    setDefaults(draft)
  }
  if (dryRun) {
    const draft = structuredClone(existing)
    merge(draft)
    return { object: draft, created: false }
  }
  const object = store.update(existing, merge)
  applied.set(`${object.metadata.uid}/${manager}`, wanted)
  return { object, created: false }
}

/** The metadata that an applier may set. */
const settable = (metadata: unknown): Partial<Metadata> => {
  const { labels, annotations, ownerReferences } = (metadata ?? {}) as Partial<Metadata>
  return { ...(labels && { labels }), ...(annotations && { annotations }), ...(ownerReferences && { ownerReferences }) }
}
