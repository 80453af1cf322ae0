import { kindNamed } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import { toSeconds } from './stamps.ts'

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly version: number
  readonly object: KubeObject
  /** How it was before; for ADDED there is none. */
  readonly previous?: KubeObject
}

export interface Store {
  /** The newest resourceVersion. */
  version(): number
  get<T extends KubeObject>(kind: string, name: string, namespace?: string): T | undefined
  /** By namespace and name, as etcd's keys are ordered. */
  list<T extends KubeObject>(kind: string, namespace?: string): readonly T[]
  /** Stores a new object; uid, creation time and version are set here. */
  create<T extends KubeObject>(object: Unstored<T>): T
  /**
   * Changes a copy and stores that. What changes nothing leaves the version as it is; a changed spec counts up the generation.
   * An object that has gone in the meantime stays gone.
   */
  update<T extends KubeObject>(object: T, change: (draft: T) => void): T
  remove(object: KubeObject): void
  /** Changes after `version`, oldest first; undefined when the history does not reach back so far. */
  since(version: number): readonly Change[] | undefined
  onChange(listener: (change: Change) => void): void
  /** Resolves at the next change, or when `wake` is called. */
  nextChange(): Promise<void>
  wake(): void
}

/** An object before the API server has given it an identity. */
export type Unstored<T extends KubeObject> = Omit<T, 'metadata'> & { metadata: Partial<T['metadata']> & { name: string } }

/** A watch that asks for changes older than this many gets 410, as it does when etcd has been compacted. */
const historyLimit = 5000

const keyOf = (kind: string, name: string, namespace = '') => `${kind}/${namespace}/${name}`

type Named = { kind: string; metadata: { name: string; namespace?: string } }

/** The API's objects with their history. `now` in milliseconds; `newUid` gives a UUID. */
export function createStore({ now, newUid }: { now: () => number; newUid: (object: Named) => string }): Store {
  const objects = new Map<string, KubeObject>()
  const history: Change[] = []
  const listeners: ((change: Change) => void)[] = []
  let waiting: (() => void)[] = []
  let version = 1000

  const note = (change: Omit<Change, 'version'>) => {
    history.push({ ...change, version })
    if (history.length > historyLimit) history.shift()
    for (const listener of listeners) listener({ ...change, version })
    wake()
  }
  const wake = () => {
    const woken = waiting
    waiting = []
    for (const resolve of woken) resolve()
  }
  const nextVersion = () => String((version += 1))
  const get = <T extends KubeObject>(kind: string, name: string, namespace?: string) =>
    objects.get(keyOf(kind, name, namespace)) as T | undefined

  return {
    version: () => version,
    get,
    list: <T extends KubeObject>(kind: string, namespace?: string) =>
      [...objects.entries()]
        .filter(([, object]) => object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, object]) => object as T),
    create<T extends KubeObject>(given: Unstored<T>) {
      const object = structuredClone(given) as unknown as T
      object.metadata = {
        ...object.metadata,
        uid: newUid(object),
        resourceVersion: nextVersion(),
        creationTimestamp: toSeconds(now()),
        ...(kindNamed(object.kind).generation && { generation: 1 }),
      }
      objects.set(keyOf(object.kind, object.metadata.name, object.metadata.namespace), object)
      note({ type: 'ADDED', object })
      return object
    },
    update(object, change) {
      const previous = get<typeof object>(object.kind, object.metadata.name, object.metadata.namespace)
      if (previous?.metadata.uid !== object.metadata.uid) return object
      const draft = structuredClone(previous)
      change(draft)
      if (sameJson(draft, previous)) return previous
      draft.metadata.resourceVersion = nextVersion()
      if (kindNamed(object.kind).generation && !sameJson(specOf(draft), specOf(previous))) {
        draft.metadata.generation = (previous.metadata.generation ?? 0) + 1
      }
      objects.set(keyOf(object.kind, object.metadata.name, object.metadata.namespace), draft)
      note({ type: 'MODIFIED', object: draft, previous })
      return draft
    },
    remove({ kind, metadata }) {
      const previous = get(kind, metadata.name, metadata.namespace)
      if (previous?.metadata.uid !== metadata.uid) return
      objects.delete(keyOf(kind, metadata.name, metadata.namespace))
      const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: nextVersion() } }
      note({ type: 'DELETED', object, previous })
    },
    since(from) {
      const oldest = history[0]?.version ?? version + 1
      return from < oldest - 1 ? undefined : history.filter((change) => change.version > from)
    },
    onChange: (listener) => listeners.push(listener),
    nextChange: () => new Promise((resolve) => waiting.push(resolve)),
    wake,
  }
}

const specOf = (object: KubeObject): unknown => ('spec' in object ? object.spec : undefined)

/**
 * Whether two JSON values say the same; a member that is undefined counts as absent. Unlike `isDeepStrictEqual` it does not look at prototypes,
 * which differ where a value has come from another realm (structuredClone under a test runner's).
 */
export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const left = one as Readonly<Record<string, unknown>>
  const right = other as Readonly<Record<string, unknown>>
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => sameJson(left[key], right[key]))
}
