import type { Service, SimulatedRequest, SimulatedResponse } from '../../core/serve.ts'
import type { Cluster } from '../cluster.ts'
import { isCustom, kinds, type Kind } from '../kinds.ts'
import type { KubeObject, Pod } from '../objects.ts'
import { changeObject } from './change-object.ts'
import { discover } from './discovery.ts'
import { isWatch, nameOperation, readPath, type ResourcePath } from './read-path.ts'
import { podLog } from './pod-log.ts'
import { forwardPort } from './forward-port.ts'
import { fieldSelector, labelSelector, type Selector } from './selectors.ts'
import { failure, jsonResponse, listKindOf, methodNotAllowed, noSuchResource, notFound, StatusError, unauthorized } from './status.ts'
import { watchObjects } from './watch-objects.ts'

/** A real watch without `timeoutSeconds` ends at random after half an hour to an hour (kube-apiserver's --min-request-timeout); here in the middle. */
const watchSeconds = 2700

export interface ApiServerSettings {
  /** Whether this token may do everything; any other gets 401. */
  readonly isAllowed: (token: string) => boolean
  /** Kinds that are not installed. */
  readonly without?: readonly string[]
}

/** Kubernetes' API as far as it is called: https://kubernetes.io/docs/reference/using-api/api-concepts/. */
export function createApiServer(cluster: Cluster, { isAllowed, without = [] }: ApiServerSettings): Service {
  const installed = kinds.filter(({ kind }) => !without.includes(kind))
  return {
    name: 'kubernetes',
    operation: nameOperation,
    // The token is in a header, which the journal does not keep; a Secret stays out of it too.
    parameters: ({ url, body }) => ({
      ...Object.fromEntries(url.searchParams),
      ...(body.length > 0 && !url.pathname.includes('/secrets') && { body: readable(body) }),
    }),
    handle(request) {
      cluster.agenda.catchUp()
      try {
        if (['/livez', '/readyz', '/healthz'].includes(request.url.pathname)) return { status: 200, body: 'ok' }
        if (!isAllowed(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')) throw unauthorized()
        return answer(cluster, request, installed)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        return jsonResponse(error.code, error.body)
      }
    },
    tunnel(request) {
      cluster.agenda.catchUp()
      try {
        if (!isAllowed(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')) throw unauthorized()
        return forwardPort(cluster, readPath(request.url.pathname, installed), request.url.searchParams)
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        return jsonResponse(error.code, error.body)
      }
    },
    error: (status, code, message) => jsonResponse(status, failure(status, code, message)),
  }
}

function answer(cluster: Cluster, request: SimulatedRequest, installed: readonly Kind[]): SimulatedResponse {
  const { method, url } = request
  const path = readPath(url.pathname, installed)
  if (!path) {
    const discovered = method === 'GET' ? discover(url.pathname, installed) : undefined
    if (discovered) return discovered
    if (/^\/apis?\//.test(url.pathname)) throw noSuchResource()
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found\n' }
  }
  const { kind, name, namespace, subresource } = path
  if (name === undefined) {
    if (method === 'GET') return collection(cluster, path, url.searchParams)
    throw methodNotAllowed()
  }
  if (method !== 'GET' || subresource === 'scale') return changeObject(cluster, { ...path, name }, request)
  const object = cluster.store.get(kind.kind, name, namespace)
  if (!object) throw notFound(kind, name)
  return subresource === 'log' ? podLog(cluster, object as Pod, url.searchParams) : jsonResponse(200, object)
}

/** A list (never in pages: `limit` is a wish) or a watch. */
function collection(cluster: Cluster, { kind, namespace }: ResourcePath, parameters: URLSearchParams): SimulatedResponse {
  const byLabel = labelSelector(parameters.get('labelSelector') ?? '')
  const byField = fieldSelector(kind.kind, parameters.get('fieldSelector') ?? '')
  const selects: Selector = (object) => byLabel(object) && byField(object)
  const version = Number(parameters.get('resourceVersion') ?? 0)
  if (isWatch(parameters)) {
    const asked = Number(parameters.get('timeoutSeconds') ?? 0)
    const body = watchObjects(cluster, {
      kind,
      ...(namespace !== undefined && { namespace }),
      selects,
      ...(version > 0 && { since: version }),
      timeoutSeconds: asked > 0 ? asked : watchSeconds,
      bookmarks: parameters.get('allowWatchBookmarks') === 'true',
    })
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  }
  const items = cluster.store
    .list(kind.kind, namespace)
    .filter(selects)
    .map((object) => asItem(kind, object))
  return jsonResponse(200, { ...listKindOf(kind), metadata: { resourceVersion: String(cluster.store.version()) }, items })
}

function asItem(kind: Kind, object: KubeObject): object {
  if (isCustom(kind)) return object
  const { apiVersion: _, kind: __, ...item } = object
  return item
}

function readable(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return body.toString('utf8')
  }
}
