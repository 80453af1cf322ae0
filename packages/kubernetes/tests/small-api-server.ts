import { isDeepStrictEqual } from 'node:util'
import type { ServerResponse } from 'node:http'
import { answerJson, answerStatus, scriptedServer, type ReceivedRequest } from './scripted-server.ts'

interface Stored {
  readonly metadata: {
    name: string
    labels?: Record<string, string>
    resourceVersion: string
    generation: number
    [field: string]: unknown
  }
  readonly spec?: object
  readonly [field: string]: unknown
}

const groups: Readonly<Record<string, readonly [plural: string, kind: string, namespaced: boolean][]>> = {
  '/api/v1': [
    ['pods', 'Pod', true],
    ['pods/log', 'Pod', true],
    ['configmaps', 'ConfigMap', true],
    ['nodes', 'Node', false],
  ],
  '/apis/apps/v1': [
    ['deployments', 'Deployment', true],
    ['deployments/scale', 'Scale', true],
  ],
}

/** Enough of an API server for the contract: it merges one level deep, checks nothing, and keeps every change for its watches. */
export async function smallApiServer(token: string) {
  const objects = new Map<string, Stored>()
  const changes: { path: string; type: string; object: Stored }[] = []
  const watches = new Set<() => void>()
  /** Objects whose replicas belong to the client that scaled them. */
  const scaled = new Set<string>()

  function store(path: string, body: Record<string, unknown>, dryRun: boolean): Stored {
    const before = objects.get(path)
    const made = { uid: `uid-of-${path}`, creationTimestamp: '2026-07-01T12:00:00Z', resourceVersion: '', generation: 1 }
    const fieldsV1 = Object.fromEntries(Object.entries(body).map(([key, value]) => [`f:${key}`, fieldsOf(value)]))
    const managedFields = [{ manager: 'prebake', operation: 'Apply', fieldsV1 }]
    const metadata = { ...made, ...before?.metadata, ...(body['metadata'] as { name: string }), managedFields }
    const spec = { ...before?.spec, ...(body['spec'] as object | undefined) }
    const next: Stored = { ...before, ...body, metadata, ...(before?.spec || body['spec'] ? { spec } : {}) }
    if (dryRun || (before && isDeepStrictEqual(before, next))) return next
    metadata.resourceVersion = String(changes.length + 1)
    if (before && !isDeepStrictEqual(before.spec, next.spec)) metadata.generation += 1
    objects.set(path, next)
    changes.push({ path, type: before ? 'MODIFIED' : 'ADDED', object: next })
    for (const send of watches) send()
    return next
  }

  function answerCollection(path: string, query: URLSearchParams, response: ServerResponse): void {
    const [label, value] = (query.get('labelSelector') ?? '').split('=')
    const selected = (at: string, { metadata }: Stored) => at.startsWith(`${path}/`) && (!label || metadata.labels?.[label] === value)
    if (!query.has('watch')) {
      // As the real server does, items of a list have neither kind nor version.
      const items = [...objects]
        .filter(([at, object]) => selected(at, object))
        .map(([, object]) => ({ ...object, kind: undefined, apiVersion: undefined }))
      return answerJson(response, { metadata: { resourceVersion: String(changes.length) }, items })
    }
    let sent = Number(query.get('resourceVersion'))
    const send = () => {
      for (const { path, type, object } of changes.slice(sent))
        if (selected(path, object)) response.write(`${JSON.stringify({ type, object })}\n`)
      sent = changes.length
    }
    response.flushHeaders()
    send()
    watches.add(send)
    response.on('close', () => watches.delete(send))
  }

  function answer({ method, url, headers, body }: ReceivedRequest, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, 'http://server')
    if (headers.authorization !== `Bearer ${token}`) return answerStatus(response, 401, 'Unauthorized', 'Unauthorized')
    if (pathname === '/version') return answerJson(response, { gitVersion: 'v1.36.3' })
    const group = groups[pathname]
    if (group) return answerJson(response, { resources: group.map(([name, kind, namespaced]) => ({ name, kind, namespaced })) })
    const [, path = '', name, subresource] =
      /^(\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/[^/]+)?\/[^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(pathname) ?? []
    if (path === '' || !Object.keys(groups).some((prefix) => path.startsWith(`${prefix}/`))) {
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n')
    }
    if (name === undefined) return answerCollection(path, searchParams, response)
    const at = `${path}/${name}`
    const found = objects.get(at)
    if (!found && (method === 'GET' || subresource)) return answerStatus(response, 404, 'NotFound', `"${name}" not found`)
    if (subresource === 'log') return void response.writeHead(200, { 'content-type': 'text/plain' }).end()
    if (method === 'DELETE') {
      if (!found) return answerStatus(response, 404, 'NotFound', `"${name}" not found`)
      objects.delete(at)
      return answerJson(response, { kind: 'Status', status: 'Success' })
    }
    if (method === 'GET') return answerJson(response, found)
    const document = JSON.parse(body) as Record<string, unknown>
    const dryRun = searchParams.get('dryRun') === 'All'
    if (subresource === 'scale') scaled.add(at)
    else if (scaled.has(at) && replicasOf(document) !== undefined && replicasOf(document) !== replicasOf(found)) {
      if (!searchParams.has('force'))
        return answerStatus(response, 409, 'Conflict', 'Apply failed with 1 conflict', { details: { causes } })
      if (!dryRun) scaled.delete(at)
    }
    answerJson(response, store(at, document, dryRun))
  }

  return scriptedServer(answer)
}

const causes = [
  { reason: 'FieldManagerConflict', message: 'conflict with "prebake" with subresource "scale" using apps/v1', field: '.spec.replicas' },
]
const replicasOf = (object: object | undefined): number | undefined =>
  (object as { spec?: { replicas?: number } } | undefined)?.spec?.replicas

const fieldsOf = (value: unknown): object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [`f:${key}`, fieldsOf(member)]))
    : {}
