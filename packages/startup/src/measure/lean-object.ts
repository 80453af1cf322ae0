import type { ObservedKind, ObservedObject } from '../ports/workload.ts'
import { shareUnchanged } from './share-unchanged.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a timeline reads of each kind; events are small and stay whole. */
const read: Readonly<Record<ObservedKind, { readonly spec: readonly string[]; readonly status: readonly string[] } | undefined>> = {
  Pod: { spec: ['nodeName', 'containers', 'initContainers'], status: ['phase', 'startTime', 'conditions', 'containerStatuses'] },
  Node: { spec: [], status: ['conditions', 'allocatable'] },
  NodeClaim: { spec: [], status: ['nodeName', 'conditions'] },
  Event: undefined,
}
const ofContainer = ['name', 'resources', 'ports', 'readinessProbe']

/** Lean objects that share what has not changed since the last state of the same object: each change of a pod comes as the whole pod. */
export function leanObjects(): typeof leanObject {
  const last = new Map<string, ObservedObject>()
  return (kind, object) => {
    const { uid } = object.metadata
    const lean = shareUnchanged(leanObject(kind, object), last.get(uid))
    last.set(uid, lean)
    return lean
  }
}

/**
 * An object without what no timeline reads: of thousands of pods each change comes as a whole object, and most of it is field owners, environment and volumes
 * (a node lists 50 images). Without them a start takes a tenth of the memory.
 */
export function leanObject(kind: ObservedKind, object: ObservedObject): ObservedObject {
  const { managedFields: _owners, annotations: _annotations, ...metadata } = object.metadata as ObservedObject['metadata'] & Fields
  const kept = read[kind]
  if (kept === undefined) return { ...object, metadata }
  const { apiVersion } = object
  const spec = pick(object['spec'], kept.spec)
  for (const name of ['containers', 'initContainers']) {
    const containers = spec[name]
    if (Array.isArray(containers)) spec[name] = containers.map((container: unknown) => pick(container, ofContainer))
  }
  return { apiVersion, kind: object.kind, metadata, spec, status: pick(object['status'], kept.status) }
}

function pick(value: unknown, names: readonly string[]): Record<string, unknown> {
  const fields = (value ?? {}) as Fields
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))
}
