import { PrebakeError } from '@prebake/kernel'
import type { KubernetesObject, ObjectReference } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'

/** The object, undefined where there is none; or that the API server did not answer. */
export type Observed = { readonly object: KubernetesObject | undefined } | { readonly outage: string }

/**
 * Reads an object once. A transient failure is a result, not an error: an API server that restarts, is overloaded or cannot be reached for a moment is
 * waited out until the limit of the wait. @throws any other failure (401, 403).
 */
export async function observeObject(cluster: Pick<Cluster, 'get'>, reference: ObjectReference, signal: AbortSignal): Promise<Observed> {
  try {
    return { object: await cluster.get(reference, signal) }
  } catch (error) {
    if (signal.aborted || !(error instanceof PrebakeError && error.transient)) throw error
    return { outage: `the API server does not answer: ${error.message}` }
  }
}
