import type { KubeObject } from '../objects.ts'
import { toSeconds } from '../stamps.ts'
import { sameJson } from '../store.ts'

/** Who wrote which fields (meta/v1 ManagedFieldsEntry). A list is one field here, where the real server has some item by item. */
export interface ManagedFields {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly time: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: object
  readonly subresource?: string
}

/** A field by the names on the way to it. */
export type Path = readonly string[]
type Fields = Record<string, unknown>

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

export const isSameManager = (one: ManagedFields, other: ManagedFields): boolean =>
  one.manager === other.manager &&
  one.operation === other.operation &&
  one.apiVersion === other.apiVersion &&
  one.subresource === other.subresource

/** The fields of an entry; of `fieldsOf(document)`: all that the document says. */
export function pathsOf(fieldsV1: object): readonly Path[] {
  return Object.entries(fieldsV1).flatMap(([key, below]) => {
    const name = key.slice('f:'.length)
    const inner = pathsOf(below as object)
    return inner.length === 0 ? [[name]] : inner.map((path) => [name, ...path])
  })
}

export const ownsField = ({ fieldsV1 }: ManagedFields, path: Path): boolean => pathsOf(fieldsV1).some((own) => sameJson(own, path))

export function valueAt(object: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, name) => (isMap(value) ? value[name] : undefined), object)
}

/** FieldsV1 of what a change has set to another value. */
export function changedFields(before: unknown, after: object): object {
  return withFields(pathsOf(fieldsOf(after)).filter((path) => !sameJson(valueAt(before, path), valueAt(after, path))))
}

/** The entries once a manager has written the fields of `entry`: they are its own, and no longer anybody else's. */
export function written(managed: readonly ManagedFields[], entry: ManagedFields): ManagedFields[] {
  const paths = pathsOf(entry.fieldsV1)
  const own = managed.find((other) => isSameManager(other, entry))
  const others = released(
    managed.filter((other) => other !== own),
    paths,
  )
  return [...others, { ...entry, fieldsV1: withFields([...pathsOf(own?.fieldsV1 ?? {}), ...paths]) }]
}

/** The entries without these fields; who has none left is no longer on record. */
export function released(managed: readonly ManagedFields[], paths: readonly Path[]): ManagedFields[] {
  return managed.flatMap((entry) => {
    const kept = pathsOf(entry.fieldsV1).filter((own) => !paths.some((path) => sameJson(own, path)))
    return kept.length === 0 ? [] : [{ ...entry, fieldsV1: withFields(kept) }]
  })
}

function withFields(paths: readonly Path[]): object {
  const root: Record<string, object> = {}
  for (const path of paths) {
    let at = root
    for (const name of path) at = (at[`f:${name}`] ??= {}) as Record<string, object>
  }
  return root
}

/** RFC 7386: maps are merged, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  const merged: Fields = isMap(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(merged[key], value)
  }
  return merged
}

/** `current` without these fields, each by the names on the way to it. A map goes with its last field; what others have set in it stays. */
export function withoutFields(current: unknown, paths: readonly (readonly string[])[]): unknown {
  return paths.reduce(withoutField, current)
}

function withoutField(current: unknown, [name = '', ...below]: readonly string[]): unknown {
  if (!isMap(current) || !(name in current)) return current
  const { [name]: value, ...others } = current
  if (below.length === 0) return others
  const left = withoutField(value, below)
  return isMap(left) && Object.keys(left).length === 0 && left !== value ? others : { ...current, [name]: left }
}

/** FieldsV1 of what was applied, lists as one field. */
export function fieldsOf(document: unknown): object {
  if (!isMap(document)) return {}
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [`f:${key}`, fieldsOf(value)]))
}

/** Writes down in `draft` who has changed it from what it was, but for its status. */
export function recordUpdate(
  draft: KubeObject,
  before: KubeObject,
  { manager, subresource, now }: { readonly manager: string; readonly subresource?: string; readonly now: number },
): void {
  const { labels, annotations } = draft.metadata
  const { status: _status, metadata: _metadata, apiVersion, kind: _kind, ...content } = draft as KubeObject & { readonly status?: unknown }
  const metadata = { ...(labels && { labels }), ...(annotations && { annotations }) }
  const fieldsV1 = changedFields(before, { ...content, ...(Object.keys(metadata).length > 0 && { metadata }) })
  if (Object.keys(fieldsV1).length === 0) return
  const entry: ManagedFields = {
    manager,
    operation: 'Update',
    apiVersion,
    time: toSeconds(now),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource !== undefined && { subresource }),
  }
  draft.metadata.managedFields = written((draft.metadata.managedFields ?? []) as ManagedFields[], entry)
}
