import type { KubernetesObject, ManagedFields, ObjectReference } from '@prebake/manifests'
import type { Cluster } from '../src/index.ts'

type Fields = Record<string, unknown>

export interface MemoryCluster extends Cluster {
  /** `apply Deployment default/vllm`, `dry-run …`, `remove …`: what was asked to change, in order. */
  readonly calls: string[]
  /** Logs by `pod/container`. */
  readonly logs: Map<string, string>
  /** Merges fields into the first object of the kind, or the named one: what a controller or another client does, as `manager` if one is named. */
  change(kind: string, fields: Fields, options?: { readonly name?: string; readonly manager?: string }): void
  drop(kind: string): void
  add(object: KubernetesObject): void
  find(kind: string, name?: string): KubernetesObject
  all(kind: string): readonly KubernetesObject[]
}

/**
 * A cluster in memory, which knows the kinds that are given (true: with namespaces), keeps what is applied and controls nothing. As on a real server,
 * a field that an apply leaves out is removed, lists are one field, managers are on record, and a changed spec is a new generation.
 */
export function memoryCluster(
  kinds: Readonly<Record<string, boolean>>,
  refuse: (document: KubernetesObject, dryRun: boolean) => void = () => {},
): MemoryCluster {
  const objects: KubernetesObject[] = []
  const calls: string[] = []
  const logs = new Map<string, string>()
  const applied = new Map<string, KubernetesObject>()
  let version = 0
  const at = ({ kind, name, namespace }: Omit<ObjectReference, 'apiVersion'>) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace)
  const find = (kind: string, name?: string) => {
    const found = objects.find((object) => object.kind === kind && (name === undefined || object.metadata.name === name))
    if (found === undefined) throw new Error(`No ${kind} ${name ?? ''}`)
    return found
  }
  const store = (object: KubernetesObject, merged: KubernetesObject) => {
    const same = JSON.stringify(object) === JSON.stringify(merged)
    const specChanged = JSON.stringify(object['spec']) !== JSON.stringify(merged['spec'])
    const generation = (object.metadata.generation ?? 0) + (specChanged ? 1 : 0)
    const next = same ? object : { ...merged, metadata: { ...merged.metadata, generation, resourceVersion: String(++version) } }
    objects.splice(objects.indexOf(object), 1, next)
    return next
  }
  return {
    address: 'https://cluster.test',
    calls,
    logs,
    find,
    all: (kind) => objects.filter((object) => object.kind === kind),
    version: () => Promise.resolve('v1.36.3'),
    discover: (_apiVersion, kind) => Promise.resolve(kind in kinds ? { namespaced: kinds[kind] === true } : undefined),
    get: (reference) => Promise.resolve(at(reference)),
    list: ({ kind, namespace, labelSelector }) =>
      Promise.resolve(
        objects.filter(
          ({ kind: its, metadata }) =>
            its === kind && (namespace === undefined || metadata.namespace === namespace) && selects(labelSelector, metadata.labels),
        ),
      ),
    async apply(document, { dryRun }) {
      calls.push(`${dryRun ? 'dry-run' : 'apply'} ${titleOf(document)}`)
      refuse(document, dryRun)
      const { metadata, ...fields } = document
      const before = at({ ...document, ...metadata })
      const object = before ?? { ...document, metadata: { ...metadata, uid: `uid-${++version}`, generation: 1 } }
      const { labels, annotations } = metadata
      const wanted = { ...fields, metadata: { ...metadata, ...(labels && { labels }), ...(annotations && { annotations }) } }
      const kept = withoutDropped(object, applied.get(object.metadata.uid ?? ''), wanted) as KubernetesObject
      const merged = recorded(merge(kept, wanted), 'prebake', 'Apply', fieldsOf({ ...fields, metadata: { labels, annotations } }), true)
      if (dryRun) return merged
      if (before === undefined) objects.push(object)
      applied.set(object.metadata.uid ?? '', document)
      return store(object, merged)
    },
    // No change is reported: only the clock makes time pass, and each poll sees what it has done.
    changes: (_reference, signal) => ({
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve({ done: true, value: undefined }), { once: true })),
      }),
    }),
    remove(reference) {
      const object = at(reference)
      if (object === undefined) return Promise.resolve(false)
      calls.push(`remove ${titleOf(object)}`)
      objects.splice(objects.indexOf(object), 1)
      return Promise.resolve(true)
    },
    log: ({ name, container }) => Promise.resolve(logs.get(`${name}/${container}`)),
    change(kind, fields, { name, manager } = {}) {
      const object = find(kind, name)
      const merged = merge(object, fields)
      store(object, manager === undefined ? merged : recorded(merged, manager, 'Update', fieldsOf(fields), false))
    },
    drop: (kind) => void objects.splice(objects.indexOf(find(kind)), 1),
    add: (object) => void objects.push(object),
  }
}

const titleOf = ({ kind, metadata: { namespace, name } }: KubernetesObject) =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`

/** Equalities and mere keys only. */
function selects(selector: string | undefined, labels: Readonly<Record<string, string>> = {}): boolean {
  return (selector ?? '')
    .split(',')
    .filter(Boolean)
    .every((term) => {
      const [key = '', value] = term.split('=')
      return value === undefined ? key in labels : labels[key] === value
    })
}

/** With this manager's fields on record: in place of what it had applied before, or beside. Its fields are no other's. */
function recorded(object: KubernetesObject, manager: string, operation: string, fieldsV1: object, replaces: boolean): KubernetesObject {
  const entries = object.metadata.managedFields ?? []
  const others = entries
    .filter((entry) => !(replaces && entry.manager === manager))
    .map((entry) => without(entry, replaces ? {} : fieldsV1))
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, { manager, operation, fieldsV1 }] } }
}

const without = (entry: ManagedFields, taken: object): ManagedFields => ({
  ...entry,
  fieldsV1: removed(entry.fieldsV1 as Fields, taken as Fields),
})

function removed(fields: Fields, taken: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      const gone = taken[key]
      if (gone === undefined) return [[key, value]]
      return Object.keys(gone as Fields).length === 0 ? [] : [[key, removed(value as Fields, gone as Fields)]]
    }),
  )
}

function fieldsOf(value: unknown): object {
  if (!isFields(value)) return {}
  const given = Object.entries(value).filter(([key, member]) => member !== undefined && !['apiVersion', 'kind', 'name'].includes(key))
  return Object.fromEntries(given.map(([key, member]) => [`f:${key}`, fieldsOf(member)]))
}

function withoutDropped(current: unknown, before: unknown, after: unknown): unknown {
  if (!isFields(current) || !isFields(before) || !isFields(after)) return current
  const kept: Fields = { ...current }
  for (const [key, value] of Object.entries(before)) {
    if (isFields(after[key])) kept[key] = withoutDropped(current[key], value, after[key])
    else if (after[key] === undefined) {
      const left = withoutDropped(current[key], value, {})
      if (isFields(value) && isFields(left) && Object.keys(left).length > 0) kept[key] = left
      else delete kept[key]
    }
  }
  return kept
}

function merge<T>(into: T, fields: unknown): T {
  if (!isFields(into) || !isFields(fields)) return fields as T
  const merged: Fields = { ...into }
  for (const [name, value] of Object.entries(fields)) merged[name] = merge(merged[name], value)
  return merged as T
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
