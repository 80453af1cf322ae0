import type { Cluster } from '../cluster.ts'
import { groupVersionOf, type Kind } from '../kinds.ts'
import type { KubeObject } from '../objects.ts'
import type { Selector } from './selectors.ts'
import { expired } from './status.ts'

export interface WatchRequest {
  readonly kind: Kind
  readonly namespace?: string
  readonly selects: Selector
  /** Changes after this version; undefined: first all that is there, as ADDED. */
  readonly since?: number
  /** The watch ends by itself after so many simulated seconds, as every real one does; clients take it up again. */
  readonly timeoutSeconds: number
  readonly bookmarks: boolean
}

const bookmarkSeconds = 60

/** One JSON line for each change, as they happen. An object that comes to match or stops matching is ADDED or DELETED. */
export function watchObjects(cluster: Cluster, request: WatchRequest): AsyncGenerator<Uint8Array> {
  const watch = { open: true }
  const close = () => {
    watch.open = false
    cluster.store.wake()
  }
  cluster.watches.add(close)
  return follow(cluster, request, watch, () => cluster.watches.delete(close))
}

async function* follow(
  { store, agenda }: Cluster,
  request: WatchRequest,
  watch: { open: boolean },
  onEnd: () => void,
): AsyncGenerator<Uint8Array> {
  const { kind, namespace, selects } = request
  const inScope = (object: KubeObject) => object.kind === kind.kind && (namespace === undefined || object.metadata.namespace === namespace)
  const matches = (object: KubeObject | undefined) => object !== undefined && inScope(object) && selects(object)
  const end = agenda.now() + request.timeoutSeconds * 1000
  let cursor = request.since ?? store.version()
  let bookmarkDue = false
  const beat = () => {
    if (!watch.open) return
    bookmarkDue = true
    store.wake()
    agenda.after(bookmarkSeconds, beat)
  }

  // Sends the headers: Node keeps them back until something is written, the real server does not.
  yield new Uint8Array()
  try {
    agenda.after(bookmarkSeconds, beat)
    agenda.after(request.timeoutSeconds, () => store.wake())
    if (request.since === undefined) {
      for (const object of store.list(kind.kind, namespace)) if (selects(object)) yield line({ type: 'ADDED', object })
    }
    while (watch.open && agenda.now() < end && !agenda.stopped()) {
      const changes = store.since(cursor)
      if (changes === undefined) {
        yield line({ type: 'ERROR', object: expired(cursor, store.version()) })
        return
      }
      for (const { type, object, previous, version } of changes) {
        cursor = version
        if (!inScope(object)) continue
        const [was, is] = [type !== 'ADDED' && matches(previous), type !== 'DELETED' && matches(object)]
        if (was || is) yield line({ type: was && is ? 'MODIFIED' : is ? 'ADDED' : 'DELETED', object })
      }
      if (bookmarkDue && request.bookmarks) {
        const metadata = { resourceVersion: String(store.version()), creationTimestamp: null }
        yield line({ type: 'BOOKMARK', object: { kind: kind.kind, apiVersion: groupVersionOf(kind), metadata } })
      }
      bookmarkDue = false
      if (store.version() > cursor && (store.since(cursor)?.length ?? 1) > 0) continue
      await store.nextChange()
    }
  } finally {
    watch.open = false
    onEnd()
  }
}

const line = (event: object): Uint8Array => Buffer.from(`${JSON.stringify(event)}\n`)
