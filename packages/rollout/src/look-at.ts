import { CancelledError, InputError, PrebakeError, ServiceError } from '@prebake/kernel'
import type { KubernetesObject, ObjectReference } from '@prebake/manifests'
import type { Cluster } from './ports/cluster.ts'

/** The object, undefined where there is none, or that the API server gave no answer. */
export type Seen = { readonly object: KubernetesObject | undefined } | { readonly outage: string }

/**
 * One look that outlives an outage: an API server that restarts, is overloaded or cannot be reached for the moment is a state like others, until
 * the limit of the wait. What does not pass by itself (401, 403) is thrown.
 */
export async function lookAt(cluster: Pick<Cluster, 'get'>, reference: ObjectReference, signal: AbortSignal): Promise<Seen> {
  try {
    return { object: await cluster.get(reference, signal) }
  } catch (error) {
    if (signal.aborted || !mayPass(error)) throw error
    return { outage: `the API server gives no answer: ${error.message}` }
  }
}

function mayPass(error: unknown): error is PrebakeError {
  if (error instanceof ServiceError) return error.status === undefined || error.status === 429 || error.status >= 500
  // The adapter's word for "cannot be reached".
  return error instanceof PrebakeError && !(error instanceof CancelledError) && !(error instanceof InputError)
}
