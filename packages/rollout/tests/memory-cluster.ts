import type { Cluster, KubernetesObject, ObjectReference } from '../src/index.ts'

type Fields = Record<string, unknown>

export interface MemoryCluster extends Cluster {
  /** `apply Deployment default/vllm`, `dry-run …`: what was asked to change, in order. */
  readonly calls: string[]
  /** Merges fields into an object: what a controller or somebody else does. A changed spec is a new generation, as on a real server. */
  change(kind: string, fields: Fields): void
  remove(kind: string): void
  add(object: KubernetesObject): void
  find(kind: string): KubernetesObject
}

/** A cluster in memory, which knows the kinds that are given (true: with namespaces), keeps what is applied and controls nothing. */
export function memoryCluster(
  kinds: Readonly<Record<string, boolean>>,
  refuse: (document: KubernetesObject, dryRun: boolean) => void = () => {},
): MemoryCluster {
  const objects: KubernetesObject[] = []
  const calls: string[] = []
  let version = 0
  const matches = (object: KubernetesObject, { kind, name, namespace }: ObjectReference) =>
    object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace
  const find = (kind: string) => {
    const found = objects.find((object) => object.kind === kind)
    if (found === undefined) throw new Error(`No ${kind}`)
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
    find,
    version: () => Promise.resolve('v1.36.3'),
    discover: (_apiVersion, kind) => Promise.resolve(kind in kinds ? { namespaced: kinds[kind] === true } : undefined),
    get: (reference) => Promise.resolve(objects.find((object) => matches(object, reference))),
    list: (query) => Promise.resolve(objects.filter(({ kind, metadata }) => kind === query.kind && metadata.namespace === query.namespace)),
    async apply(document, { dryRun }) {
      const { namespace, name } = document.metadata
      calls.push(`${dryRun ? 'dry-run' : 'apply'} ${document.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`)
      refuse(document, dryRun)
      const before = objects.find((object) => matches(object, { ...document, name, ...(namespace === undefined ? {} : { namespace }) }))
      const object = before ?? { ...document, metadata: { ...document.metadata, uid: `uid-${++version}`, generation: 1 } }
      const merged = merge(object, document)
      if (dryRun) return merged
      if (before === undefined) objects.push(object)
      return store(object, merged)
    },
    change: (kind, fields) => void store(find(kind), merge(find(kind), fields)),
    remove: (kind) => void objects.splice(objects.indexOf(find(kind)), 1),
    add: (object) => void objects.push(object),
  }
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
