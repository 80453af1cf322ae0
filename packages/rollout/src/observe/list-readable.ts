import { CancelledError, PrebakeError, ServiceError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import type { ObjectQuery } from '@prebake/preflight'
import type { Cluster } from '../ports/cluster.ts'

export interface Unreadable {
  /** Why the objects cannot be read, for messages. */
  readonly reason: string
  /** `forbidden`: for good, since this role may not list them or the cluster does not know the kind; `failed`: this time. */
  readonly cause: 'forbidden' | 'failed'
}

export type Readable = { readonly items: readonly KubernetesObject[] } | { readonly unreadable: Unreadable }

/** The objects, or why they cannot be read: most lists only improve a message and must not end a rollout. @throws CancelledError. */
export async function listReadable(cluster: Pick<Cluster, 'list'>, query: ObjectQuery, signal: AbortSignal): Promise<Readable> {
  try {
    return { items: await cluster.list(query, signal) }
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
    const isForbidden = error instanceof ServiceError && (error.status === 403 || error.status === 404)
    const reason = `${query.kind} objects cannot be read: ${error.message}`
    return { unreadable: { reason, cause: isForbidden ? 'forbidden' : 'failed' } }
  }
}
