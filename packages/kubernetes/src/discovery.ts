import { ServiceError } from '@prebake/kernel'
import type { ApiClient } from './api-client.ts'

export interface ResourceKind {
  readonly apiVersion: string
  readonly kind: string
  /** As in the path: `deployments`. */
  readonly plural: string
  readonly namespaced: boolean
}

export interface Discovery {
  /** Undefined: the API server does not know the kind. */
  find(apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceKind | undefined>
  /** @throws ServiceError (404, NotFound) when the API server does not know the kind. */
  require(operation: string, apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceKind>
  /** The path of one object; one that names no namespace though its kind has them is in the kubeconfig's. */
  objectPath(kind: ResourceKind, namespace: string | undefined, name: string): string
}

/** Kinds as the API server lists them (`/api/v1`, `/apis/<group>/<version>`). What is known is kept; a kind that is missing is looked for again. */
export function createDiscovery(client: ApiClient, defaultNamespace: string): Discovery {
  const known = new Map<string, ResourceKind>()

  async function find(apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceKind | undefined> {
    const key = `${apiVersion} ${kind}`
    if (known.has(key)) return known.get(key)
    const request = { operation: `look up the kinds of ${apiVersion}`, path: groupPath(apiVersion) }
    // An unknown group is answered with plain text, not with a Status.
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
      const message = `the cluster knows no kind ${kind} in ${apiVersion}`
      const hint = 'Check apiVersion and kind, or install what brings it (for karpenter.sh and karpenter.k8s.aws: Karpenter with its CRDs).'
      throw new ServiceError({ operation, code: 'NotFound', message, status: 404 }, { hint })
    },
    objectPath: (kind, namespace, name) => `${collectionPath(kind, namespace ?? defaultNamespace)}/${encodeURIComponent(name)}`,
  }
}

/** The path of all objects of a kind, in one namespace or, without one, in all. */
export function collectionPath({ apiVersion, plural, namespaced }: ResourceKind, namespace?: string): string {
  const within = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${groupPath(apiVersion)}${within}/${plural}`
}

function groupPath(apiVersion: string): string {
  const encoded = apiVersion.split('/').map(encodeURIComponent).join('/')
  return apiVersion.includes('/') ? `/apis/${encoded}` : `/api/${encoded}`
}

/** Undefined instead of the error of a missing object. A 404 that is not in the API server's form stays an error: it tells of a wrong address. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404 && error.code === 'NotFound') return undefined
    throw error
  }
}
