import { CancelledError } from '@prebake/kernel'
import { pausedBy, referenceTo, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RollOutPorts } from '../roll-out-request.ts'

export interface ResumedDrift {
  /** The NodePools as they are without the pause. */
  readonly resumed: readonly KubernetesObject[]
  /** What stays paused, with the error. A warning has been reported for each. */
  readonly failed: readonly { readonly document: KubernetesObject; readonly error: unknown }[]
}

/**
 * Ends the pauses of a run: applies each NodePool's document as it is written, where the NodePool is still paused by this very run.
 * @throws CancelledError.
 */
export async function resumeDrift(
  documents: readonly KubernetesObject[],
  run: string,
  { cluster, reporter }: Pick<RollOutPorts, 'cluster' | 'reporter'>,
  signal: AbortSignal,
): Promise<ResumedDrift> {
  const resumed: KubernetesObject[] = []
  const failed: { document: KubernetesObject; error: unknown }[] = []
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
      if (signal.aborted || error instanceof CancelledError) throw error
      failed.push({ document, error })
      const reason = error instanceof Error ? error.message : String(error)
      const fix = 'Until its manifest is applied again or the job is re-run, Karpenter replaces no drifted node.'
      reporter.warning(`${title}: drift is still paused: ${reason.replace(/\.$/, '')}. ${fix}`)
    }
  }
  return { resumed, failed }
}
