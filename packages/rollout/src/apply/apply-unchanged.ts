import { ServiceError } from '@prebake/kernel'
import { referenceTo, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { Cluster } from '../ports/cluster.ts'
import { SupersededError } from '../rollout-errors.ts'

/** Throws where an object is not what the run takes it for. `again`: an answer to this apply may have been lost, so that it may already be what it is to be. */
export type Known = (live: KubernetesObject, again: boolean) => void | Promise<void>

/** Karpenter and controllers write the status of what is applied every few seconds, each of which is another version. */
const tries = 10

/**
 * Applies a document to an object that is there, at the very version at which it was found to be what the run takes it for: what another client changes in
 * between makes the API server refuse it (409, optimistic locking), and the object is looked at again.
 * @throws SupersededError where it is gone; what `known` throws; ServiceError.
 */
export async function applyUnchanged(
  document: KubernetesObject,
  { known, force }: { readonly known: Known; readonly force: boolean },
  { cluster }: { readonly cluster: Pick<Cluster, 'apply' | 'get'> },
  signal: AbortSignal,
): Promise<KubernetesObject> {
  for (let count = 1; ; count += 1) {
    const live = await cluster.get(referenceTo(document), signal)
    if (live === undefined) throw superseded(document, 'has been deleted')
    await known(live, count > 1)
    const { resourceVersion } = live.metadata
    const at = { ...document, metadata: { ...document.metadata, ...(resourceVersion !== undefined && { resourceVersion }) } }
    try {
      return await cluster.apply(at, { dryRun: false, force }, signal)
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 409) || count === tries) throw error
      // A conflict of field managers is one at this version, too.
      const now = await cluster.get(referenceTo(document), signal)
      if (now?.metadata.resourceVersion === resourceVersion) throw error
    }
  }
}

/** @param what happened to it. */
export function superseded(object: KubernetesObject, what: string): SupersededError {
  return new SupersededError(`${titleOf(object)} ${what} since this run looked at it.`, {
    hint: 'Find out who else deploys it: give the workflow a `concurrency` group. Then re-run the job.',
  })
}
