import { CancelledError, PrebakeError } from '@prebake/kernel'
import type { KubernetesObject } from '@prebake/manifests'
import type { ObjectQuery } from '@prebake/preflight'
import type { Cluster } from '../ports/cluster.ts'

/** The objects, or why they cannot be read: what only improves a message must not end a rollout. */
export type Readable = { readonly items: readonly KubernetesObject[] } | { readonly unreadable: string }

/** @throws CancelledError, and what is not a failure of the API server. */
export async function listReadable(cluster: Pick<Cluster, 'list'>, query: ObjectQuery, signal: AbortSignal): Promise<Readable> {
  try {
    return { items: await cluster.list(query, signal) }
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError || !(error instanceof PrebakeError)) throw error
    return { unreadable: `${query.kind} objects cannot be read: ${error.message}` }
  }
}
