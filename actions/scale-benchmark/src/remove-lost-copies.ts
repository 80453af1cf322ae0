import { PrebakeError, type Clock, type Reporter } from '@prebake/kernel'
import type { ClusterConnection } from '@prebake/kubernetes'
import { ownerLabel } from '@prebake/manifests'

/** Deletes the copies of runs that will not do it themselves any more: their time is over, or a later attempt of their workflow run is this one. */
export async function removeLostCopies(
  { namespace, run }: { readonly namespace: string; readonly run: string },
  ports: Pick<ClusterConnection, 'cluster'> & { readonly clock: Clock; readonly reporter: Reporter },
  signal: AbortSignal,
): Promise<void> {
  const [{ findCopies, isLost, removeCopies }, { isEarlierAttempt }] = await Promise.all([
    import('@prebake/rollout'),
    import('@prebake/startup'),
  ])
  const { objects } = await findCopies({ namespace }, ports.cluster, signal)
  const byOwner = Map.groupBy(objects, ({ metadata }) => metadata.labels?.[ownerLabel] ?? '')
  for (const [owner, own] of byOwner) {
    if (owner === run || !(isEarlierAttempt(owner, run) || own.every((object) => isLost(object, ports.clock.now())))) continue
    ports.reporter.warning(`The run ${owner} has left ${own.length} objects of isolated copies, and their nodes: they are deleted.`)
    try {
      await removeCopies({ owner, namespace, wait: false }, ports, signal)
    } catch (error) {
      if (signal.aborted || !(error instanceof PrebakeError)) throw error
      ports.reporter.warning([error.message, error.hint].filter(Boolean).join(' '))
    }
  }
}
