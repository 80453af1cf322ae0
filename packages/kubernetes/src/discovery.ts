import { ServiceError } from '@prebake/kernel'
import type { ApiClient } from './api-client.ts'
import type { ClusterErrorCode } from './error-codes.ts'

export interface ResourceKind {
  readonly apiVersion: string
  readonly kind: string
  /** As in the path: `deployments`. */
  readonly plural: string
  readonly namespaced: boolean
}

export interface Discovery {
  /** Undefined if the API server does not serve the kind. */
  find(apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceKind | undefined>
  /** @throws ServiceError (404, NotFound) if the API server does not serve the kind */
  require(operation: string, apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceKind>
  /** The path of one object. A namespaced one without a namespace is in the kubeconfig's. */
  objectPath(kind: ResourceKind, namespace: string | undefined, name: string): string
}

/** Kinds as the API server lists them (`/api/v1`, `/apis/<group>/<version>`). Known kinds are cached; a missing kind is requested again. */
export function createDiscovery(client: ApiClient, defaultNamespace: string): Discovery {
  const known = new Map<string, ResourceKind>()

  async function find(apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceKind | undefined> {
    const key = `${apiVersion} ${kind}`
    if (known.has(key)) return known.get(key)
    const request = { operation: `look up the kinds of ${apiVersion}`, path: groupPath(apiVersion) }
    // For an unknown group the server sends plain text, not a Status.
    const listed = await client.json(request, signal).catch((error: unknown) => {
      if (error instanceof ServiceError && error.status === 404) return undefined
      throw error
    })
    const { resources = [] } = (listed ?? {}) as { resources?: readonly { name: string; kind: string; namespaced: boolean }[] }
    for (const { name, kind, namespaced } of resources) {
      // With a slash it is a subresource: `deployments/scale` has the kind Scale.
      if (!name.includes('/')) known.set(`${apiVersion} ${kind}`, { apiVersion, kind, plural: name, namespaced })
    }
    return known.get(key)
  }

  return {
    find,
    async require(operation, apiVersion, kind, signal) {
      const found = await find(apiVersion, kind, signal)
      if (found) return found
      const message = `the cluster does not serve the kind ${kind} in ${apiVersion}`
      const hint = 'Check apiVersion and kind, or install its CRD (for karpenter.sh and karpenter.k8s.aws: Karpenter).'
      const code = 'kind-not-served' satisfies ClusterErrorCode
      throw new ServiceError({ operation, code: 'NotFound', message, status: 404 }, { code, hint })
    },
    objectPath: (kind, namespace, name) => `${collectionPath(kind, namespace ?? defaultNamespace)}/${encodeURIComponent(name)}`,
  }
}

/** The path of all objects of a kind, in one namespace or in all. */
export function collectionPath({ apiVersion, plural, namespaced }: ResourceKind, namespace?: string): string {
  const within = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${groupPath(apiVersion)}${within}/${plural}`
}

function groupPath(apiVersion: string): string {
  const encoded = apiVersion.split('/').map(encodeURIComponent).join('/')
  return apiVersion.includes('/') ? `/apis/${encoded}` : `/api/${encoded}`
}

/** Undefined for a missing object. A 404 that is not in the API server's form stays an error, because the address may be wrong. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404 && error.code === 'NotFound') return undefined
    throw error
  }
}
