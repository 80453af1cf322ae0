import { parse } from 'yaml'
import type { SimulatedRequest, SimulatedResponse } from '../../core/serve.ts'
import type { Cluster } from '../cluster.ts'
import { deleteObject } from '../controllers/delete-object.ts'
import type { Deployment, KubeObject } from '../objects.ts'
import { applyObject } from './apply-object.ts'
import { checkObject, setDefaults } from './check-object.ts'
import { mergePatch, recordUpdate } from './managed-fields.ts'
import { isDryRun, type ResourcePath } from './read-path.ts'
import { scaleOf, setScale } from './scale.ts'
import { badRequest, conflict, jsonResponse, methodNotAllowed, notFound, StatusError, success, unsupportedMediaType } from './status.ts'

type Named = ResourcePath & { name: string }

/** Handles everything that changes an object, and the reading of a scale. @throws StatusError. */
export function changeObject(cluster: Cluster, path: Named, request: SimulatedRequest): SimulatedResponse {
  const { kind, name, namespace, subresource } = path
  const { method, url } = request
  const existing = cluster.store.get(kind.kind, name, namespace)
  const type = request.headers['content-type']?.split(';')[0] ?? 'application/json'
  const present = () => existing ?? fail(notFound(kind, name))

  if (subresource === 'scale') {
    const scaled = present() as Deployment
    if (method === 'GET') return jsonResponse(200, scaleOf(scaled))
    if (method === 'PATCH' && type !== 'application/merge-patch+json') throw unsupportedMediaType(['application/merge-patch+json'])
    if (method !== 'PATCH') throw methodNotAllowed()
    return jsonResponse(200, setScale(cluster, scaled, readBody(request), managerOf(request)))
  }
  if (method === 'DELETE') return jsonResponse(200, isDryRun(url.searchParams) ? present() : remove(cluster, path, present()))
  if (method === 'PATCH' && type === 'application/apply-patch+yaml') {
    const manager = url.searchParams.get('fieldManager')
    if (manager === null || manager === '') {
      const problem = 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
      throw new StatusError(422, 'Invalid', problem, { group: 'meta.k8s.io', kind: 'PatchOptions' })
    }
    const { object, created } = applyObject(cluster, path, readBody(request), {
      manager,
      dryRun: isDryRun(url.searchParams),
      force: url.searchParams.get('force') === 'true',
    })
    return jsonResponse(created ? 201 : 200, object)
  }
  if (method === 'PATCH' && type !== 'application/merge-patch+json') {
    // Strategic and JSON patches are not built: nothing here sends them.
    throw unsupportedMediaType(['application/merge-patch+json', 'application/apply-patch+yaml'])
  }
  if (method !== 'PATCH') throw methodNotAllowed()
  const before = present()
  const wanted = mergePatch(before, readBody(request))
  checkObject(cluster, path, wanted)
  const { metadata } = wanted as unknown as KubeObject
  if (metadata.resourceVersion !== undefined && metadata.resourceVersion !== before.metadata.resourceVersion) throw conflict(kind, name)
  return jsonResponse(200, replace(cluster, before, wanted, { manager: managerOf(request), statusOnly: subresource === 'status' }))
}

function replace(
  { store, agenda }: Cluster,
  before: KubeObject,
  wanted: Record<string, unknown>,
  { manager, statusOnly }: { readonly manager: string; readonly statusOnly: boolean },
): KubeObject {
  const { metadata, status, apiVersion: _apiVersion, kind: _kind, ...fields } = wanted
  return store.update(before, (draft) => {
    if (statusOnly) {
      Object.assign(draft, { status })
      return
    }
    const { labels, annotations, ownerReferences } = metadata as KubeObject['metadata']
    Object.assign(draft, fields)
    Object.assign(draft.metadata, labels && { labels }, annotations && { annotations }, ownerReferences && { ownerReferences })
    setDefaults(draft)
    recordUpdate(draft, before, { manager, now: agenda.now() })
  })
}

/** Who writes: by its own words, else by its program's name. */
function managerOf({ url, headers }: SimulatedRequest): string {
  return url.searchParams.get('fieldManager') || (headers['user-agent'] ?? '').split('/')[0] || 'unknown'
}

function remove(cluster: Cluster, { kind }: Named, object: KubeObject): object {
  const still = deleteObject(cluster, object)
  return still ?? success(kind, object.metadata)
}

function readBody({ body }: SimulatedRequest): unknown {
  const text = body.toString('utf8')
  try {
    // JSON is YAML as well; that a client may send YAML to be applied is part of the API.
    return parse(text) as unknown
  } catch (error) {
    throw badRequest(`error decoding the body: ${(error as Error).message.split('\n')[0]}`)
  }
}

function fail(error: StatusError): never {
  throw error
}
