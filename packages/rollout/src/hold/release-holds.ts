import { type KubernetesObject, referenceTo, titleOf } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'
import { heldBy } from './hold-document.ts'

/**
 * Ends the holds of a run: applies each NodePool's document as it is written, where the NodePool is still held by this very run.
 * @returns the NodePools as they then are. @throws the first refusal, after all were tried.
 */
export async function releaseHolds(
  documents: readonly KubernetesObject[],
  run: string,
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const released: KubernetesObject[] = []
  const failures: unknown[] = []
  for (const document of documents) {
    const title = titleOf(document)
    try {
      const live = await cluster.get(referenceTo(document), signal)
      const holder = live?.metadata.annotations?.[heldBy]
      if (holder === run) {
        // What is applied here was ours a moment ago: whatever conflicts now is somebody else's newer wish.
        released.push(await cluster.apply(document, { dryRun: false, force: false }, signal))
        reporter.info(`${title} is no longer held`)
      } else if (holder !== undefined) reporter.info(`${title} is held by another run (${holder}), which puts it back`)
    } catch (error) {
      failures.push(error)
      reporter.warning(`${title} is still held: no node of it is replaced because of drift. Apply its manifest again, or run again.`)
    }
  }
  if (failures.length > 0) throw failures[0]
  return released
}
