import { pausedBy, referenceTo, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'

/**
 * Ends the pauses of a run: applies each NodePool's document as it is written, where the NodePool is still paused by this very run.
 * @returns the NodePools as they then are. @throws the first refusal, after all were tried.
 */
export async function resumeDrift(
  documents: readonly KubernetesObject[],
  run: string,
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const resumed: KubernetesObject[] = []
  const failures: unknown[] = []
  for (const document of documents) {
    const title = titleOf(document)
    try {
      const live = await cluster.get(referenceTo(document), signal)
      const owner = live?.metadata.annotations?.[pausedBy]
      if (owner === run) {
        // What is applied here was ours a moment ago: whatever conflicts now is a newer change of another client.
        resumed.push(await cluster.apply(document, { dryRun: false, force: false }, signal))
        reporter.info(`${title}: drift resumed`)
      } else if (owner !== undefined) reporter.info(`${title}: drift was paused by another run (${owner}), which resumes it`)
    } catch (error) {
      failures.push(error)
      reporter.warning(
        `${title}: drift is still paused, so Karpenter replaces no drifted node. Apply its manifest again, or re-run the job.`,
      )
    }
  }
  if (failures.length > 0) throw failures[0]
  return resumed
}
