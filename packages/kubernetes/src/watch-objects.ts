import { CancelledError, PrebakeError, ServiceError, type Clock } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import type { ApiClient } from './api-client.ts'
import { collectionPath } from './discovery.ts'
import { jsonLines } from './json-lines.ts'
import { listObjects, placeOf, queryString, type ListQuery } from './list-objects.ts'
import { refusal } from './refusal.ts'

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: KubernetesObject
}

/** A line of a watch (meta/v1 WatchEvent). */
type WatchEvent =
  | Change
  | { readonly type: 'BOOKMARK'; readonly object: KubernetesObject }
  | { readonly type: 'ERROR'; readonly object: { readonly code: number } }

/** How often in a row a watch may fail to resume: about two minutes of pauses. */
const mostFailures = 10
const longestPauseSeconds = 30
const healthyAfterMs = 5000
/** The server's limit of a watch, so that it ends before a load balancer cuts it (an AWS Network Load Balancer: 350 idle seconds). */
const watchSeconds = 290

/**
 * The existing objects as ADDED, then every change until `signal` aborts (it then ends without an error). A watch that ends or breaks is resumed; if the
 * server no longer has that resource version (410), everything is listed again and the differences are reported.
 * @throws the API server's error for a refused list or watch; the last failure if the watch cannot be resumed
 */
export async function* watchObjects(client: ApiClient, query: ListQuery, clock: Clock, signal: AbortSignal): AsyncGenerator<Change> {
  const known = new Map<string, KubernetesObject>()
  let version: string | undefined
  let failures = 0
  for (let started = false; !signal.aborted; started = true) {
    let failure: PrebakeError | undefined
    let openedAt = Infinity
    try {
      if (version === undefined) {
        const listed = await listObjects(client, query, signal)
        for (const change of differences(known, listed.objects)) yield change
        version = listed.resourceVersion
      }
      const events = await openWatch(client, query, version, signal)
      openedAt = clock.now().getTime()
      for await (const event of events) {
        version = event.object.metadata.resourceVersion ?? version
        if (event.type === 'BOOKMARK') continue
        failures = 0
        remember(known, event)
        yield event
      }
    } catch (error) {
      if (signal.aborted) return
      if (isGone(error)) version = undefined
      else if (error instanceof PrebakeError && error.transient && (started || version !== undefined)) failure = error
      else throw error
    }
    // Even a silent watch that was open for a while shows that the server works.
    if (clock.now().getTime() - openedAt >= healthyAfterMs) failures = 0
    else failures += 1
    if (failure && failures >= mostFailures) throw failure
    if (failures > 1 && !(await slept(Math.min(2 ** (failures - 2), longestPauseSeconds), clock, signal))) return
  }
}

/** @throws ServiceError for a refused request, and for an error event in the stream */
async function openWatch(
  client: ApiClient,
  { kind, namespace, labelSelector, fieldSelector }: ListQuery,
  resourceVersion: string,
  signal: AbortSignal,
) {
  const selected = { labelSelector, fieldSelector }
  const parameters = { watch: '1', allowWatchBookmarks: 'true', timeoutSeconds: String(watchSeconds), resourceVersion, ...selected }
  const operation = `watch ${kind.kind}${placeOf(namespace)}`
  const path = `${collectionPath(kind, namespace)}${queryString(parameters)}`
  return watchEvents(operation, await client.stream({ operation, path }, signal))
}

async function* watchEvents(operation: string, chunks: AsyncIterable<Uint8Array>) {
  for await (const line of jsonLines(operation, chunks)) {
    const event = line as WatchEvent
    if (event.type === 'ERROR') throw refusal(operation, event.object.code, {}, JSON.stringify(event.object))
    // Half of an object is the list of who owns its fields, which no one who watches reads.
    delete (event.object.metadata as { managedFields?: unknown }).managedFields
    yield event
  }
}

/** The changes between the known objects and a new list. */
function differences(known: Map<string, KubernetesObject>, objects: readonly KubernetesObject[]): Change[] {
  const listed = new Set(objects.map(keyOf))
  const gone = [...known].filter(([key]) => !listed.has(key)).map(([, object]): Change => ({ type: 'DELETED', object }))
  const present = objects.flatMap((object): Change[] => {
    const before = known.get(keyOf(object))
    if (!before) return [{ type: 'ADDED', object }]
    return before.metadata.resourceVersion === object.metadata.resourceVersion ? [] : [{ type: 'MODIFIED', object }]
  })
  const changes = [...gone, ...present]
  for (const change of changes) remember(known, change)
  return changes
}

function remember(known: Map<string, KubernetesObject>, { type, object }: Change): void {
  if (type === 'DELETED') known.delete(keyOf(object))
  else known.set(keyOf(object), object)
}

/** A new object with an old name is a different object. */
function keyOf({ metadata }: KubernetesObject): string {
  return metadata.uid ?? `${metadata.namespace ?? ''}/${metadata.name}`
}

function isGone(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 410
}

/** False if `signal` aborted the pause. */
async function slept(seconds: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(seconds * 1000, signal)
    return true
  } catch (error) {
    if (error instanceof CancelledError) return false
    throw error
  }
}
