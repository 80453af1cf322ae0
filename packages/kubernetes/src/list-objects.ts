import { ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import type { ApiClient } from './api-client.ts'
import { collectionPath, type ResourceKind } from './discovery.ts'

export interface ListQuery {
  readonly kind: ResourceKind
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
}

interface ObjectList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string }
  readonly items?: readonly KubernetesObject[] | null
}

const pageSize = 500

/** All objects of a query, and the collection's resource version. Reads page by page; starts again if the snapshot of the pages has expired. */
export async function listObjects(client: ApiClient, query: ListQuery, signal: AbortSignal) {
  for (let restarts = 0; ; restarts++) {
    try {
      return await listOnce(client, query, signal)
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 410) || restarts === 2) throw error
    }
  }
}

async function listOnce(client: ApiClient, { kind, namespace, labelSelector, fieldSelector }: ListQuery, signal: AbortSignal) {
  const objects: KubernetesObject[] = []
  let next: string | undefined
  for (;;) {
    const query = queryString({ limit: String(pageSize), labelSelector, fieldSelector, continue: next })
    const path = `${collectionPath(kind, namespace)}${query}`
    const page = (await client.json({ operation: `list ${kind.kind}${placeOf(namespace)}`, path }, signal)) as ObjectList
    // The items of a list have no apiVersion and kind of their own.
    for (const item of page.items ?? []) objects.push({ ...item, apiVersion: kind.apiVersion, kind: kind.kind })
    next = page.metadata?.continue
    if (!next) return { objects, resourceVersion: page.metadata?.resourceVersion ?? '' }
  }
}

export function queryString(parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''
}

/** ` in default`, for messages. */
export function placeOf(namespace: string | undefined): string {
  return namespace === undefined ? '' : ` in ${namespace}`
}
