import type { Cluster } from '../cluster.ts'
import { groupVersionOf } from '../kinds.ts'
import type { KubeObject, Metadata } from '../objects.ts'
import { sameJson } from '../store.ts'
import { toSeconds } from '../stamps.ts'
import { checkObject, setDefaults } from './check-object.ts'
import {
  fieldsOf,
  isSameManager,
  type ManagedFields,
  mergePatch,
  ownsField,
  type Path,
  pathsOf,
  released,
  valueAt,
  withoutFields,
} from './managed-fields.ts'
import type { ResourcePath } from './read-path.ts'
import { applyConflict, conflict } from './status.ts'

export interface ApplyOptions {
  readonly manager: string
  readonly dryRun: boolean
  readonly force: boolean
}

/**
 * Server-side apply: creates, or merges and stores; what the manager applied before and has dropped is removed unless others own it too, what others
 * have set stays. Lists are replaced whole, where the real server merges some by a key.
 * @throws StatusError as `checkObject`; 409 for fields to which another manager has given another value, unless by force; 409 where the document names a
 *   resourceVersion that is not the present one, by force too (k8s.io/apiserver, registry/generic/registry/store.go, Update).
 */
export function applyObject(
  cluster: Cluster,
  path: ResourcePath & { name: string },
  document: unknown,
  { manager, dryRun, force }: ApplyOptions,
): { object: KubeObject; created: boolean } {
  checkObject(cluster, path, document)
  const { kind, name, namespace } = path
  const { store, agenda } = cluster
  const { status: _, metadata: given, apiVersion: __, kind: ___, ...fields } = document
  const metadata = settable(given)
  const wanted = { ...fields, ...(Object.keys(metadata).length > 0 && { metadata }) }
  const now = toSeconds(agenda.now())
  const apiVersion = groupVersionOf(kind)
  const entry: ManagedFields = { manager, operation: 'Apply', apiVersion, time: now, fieldsType: 'FieldsV1', fieldsV1: fieldsOf(wanted) }
  const existing = store.get(kind.kind, name, namespace)

  if (!existing) {
    const whole = { ...metadata, name, ...(namespace !== undefined && { namespace }), managedFields: [entry] }
    const object = structuredClone({ ...wanted, apiVersion, kind: kind.kind, metadata: whole }) as unknown as KubeObject
    setDefaults(object)
    if (dryRun) return { object: { ...object, metadata: { ...object.metadata, creationTimestamp: now, generation: 1 } }, created: true }
    return { object: store.create(object), created: true }
  }

  const version = (given as Partial<Metadata> | undefined)?.resourceVersion
  if (version !== undefined && version !== existing.metadata.resourceVersion) throw conflict(kind, name)
  const managed = (existing.metadata.managedFields ?? []) as readonly ManagedFields[]
  const mine = managed.find((other) => isSameManager(other, entry))
  const others = managed.filter((other) => other !== mine)
  const conflicts = others.map((other) => ({ other, paths: disputed(other, existing, wanted) })).filter(({ paths }) => paths.length > 0)
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts.map(({ other, paths }) => ({ ...other, paths })))

  const dropped = pathsOf(mine?.fieldsV1 ?? {}).filter(
    (path) => valueAt(wanted, path) === undefined && !others.some((other) => ownsField(other, path)),
  )
  const kept = released(
    others,
    conflicts.flatMap(({ paths }) => paths),
  )
  const managedFields = mine && sameJson(mine.fieldsV1, entry.fieldsV1) && sameJson(kept, others) ? [...managed] : [...kept, entry]
  const merge = (draft: KubeObject) => {
    const merged = mergePatch(withoutFields(draft, dropped), wanted) as KubeObject
    Object.assign(draft, merged, { metadata: { ...merged.metadata, managedFields } })
    for (const key of Object.keys(draft)) if (!(key in merged)) delete (draft as unknown as Record<string, unknown>)[key]
    setDefaults(draft)
  }
  if (!dryRun) return { object: store.update(existing, merge), created: false }
  const draft = structuredClone(existing)
  merge(draft)
  return { object: draft, created: false }
}

/** The other's fields to which the document gives another value than they have. */
function disputed(other: ManagedFields, existing: KubeObject, wanted: object): readonly Path[] {
  return pathsOf(other.fieldsV1).filter((path) => {
    const value = valueAt(wanted, path)
    return value !== undefined && !sameJson(value, valueAt(existing, path))
  })
}

/** The metadata that an applier may set. */
const settable = (metadata: unknown): Partial<Metadata> => {
  const { labels, annotations, ownerReferences } = (metadata ?? {}) as Partial<Metadata>
  return { ...(labels && { labels }), ...(annotations && { annotations }), ...(ownerReferences && { ownerReferences }) }
}
