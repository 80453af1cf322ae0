import { CancelledError, messageOf, PrebakeError } from '@prebake/kernel'
import { isNodePool, pausedBy, referenceTo, titleOf, type KubernetesObject } from '@prebake/manifests'
import type { RolloutErrorCode } from '../error-codes.ts'
import type { PlannedApply } from '../plan/planned-apply.ts'
import { formerDocument } from '../restore/former-document.ts'
import { readBack, sameTemplate, versionOf } from '../observe/read-back.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { SupersededError } from '../rollout-errors.ts'
import { applyUnchanged, superseded } from '../apply/apply-unchanged.ts'
import { findWorkloadKind } from '../workload/find-workload-kind.ts'
import { matchingVersion, type Side } from './matching-version.ts'

export interface EndPausesOptions {
  /** Whose pauses. */
  readonly run: string
  /** Where NodePool and Deployments belong together either way. */
  readonly preferred: Side
}

/**
 * Ends the pauses of a run, each with the version of the NodePool that belongs with the Deployments as they are now. While none does, or the API server
 * refuses, the pause stays, because an unpaused half switch drains nodes whose pods no other node takes.
 * @returns the errors of the NodePools that stay paused; each has been reported as a warning. @throws CancelledError.
 */
export async function endPauses(
  planned: readonly PlannedApply[],
  { run, preferred }: EndPausesOptions,
  ports: Pick<RollOutPorts, 'cluster' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const failures: unknown[] = []
  for (const pool of planned) {
    if (!isNodePool(pool.manifest.document) || pool.before === undefined) continue
    try {
      await endPause(pool, planned, { run, preferred }, ports, signal)
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError) throw error
      failures.push(error)
      const reason = messageOf(error)
      const fix = 'Until its manifest is applied again or the job is re-run, Karpenter replaces no drifted node.'
      ports.reporter.warning(`${titleOf(pool.manifest.document)}: drift is still paused: ${reason.replace(/\.$/, '')}. ${fix}`)
    }
  }
  return failures
}

async function endPause(
  pool: PlannedApply,
  planned: readonly PlannedApply[],
  { run, preferred }: EndPausesOptions,
  ports: Pick<RollOutPorts, 'cluster' | 'clock' | 'reporter'>,
  signal: AbortSignal,
): Promise<void> {
  const { cluster, reporter } = ports
  const { document } = pool.manifest
  const title = titleOf(document)
  const live = await cluster.get(referenceTo(document), signal)
  const owner = live?.metadata.annotations?.[pausedBy]
  if (live === undefined || owner === undefined) return
  if (owner !== run) return reporter.info(`${title}: drift was paused by another run (${owner}), which resumes it`)
  const workloads = planned.filter(({ manifest }) => findWorkloadKind(manifest.document) !== undefined)
  const deployments = await readBack(workloads, ports, signal, 0)
  const now = { ...pool, live, version: versionOf(live, pool) }
  const side = matchingVersion(now, deployments, preferred)
  if (side === undefined) {
    const names = deployments.map(({ manifest }) => titleOf(manifest.document)).join(', ')
    throw new PrebakeError(`Resume drift on ${title}: neither its old nor its new version belongs with ${names}.`, {
      code: 'half-switched' satisfies RolloutErrorCode,
      hint: 'Apply the manifests of NodePool and Deployment again, together.',
    })
  }
  const ended = side === 'after' ? document : await formerDocument(now, false, ports, signal)
  const known = (now: KubernetesObject) => {
    if (now.metadata.annotations?.[pausedBy] === run && sameTemplate(now, live)) return
    // Its answer was lost, or another run has taken the pause over.
    throw superseded(now, 'was changed')
  }
  try {
    // What is applied here was ours a moment ago: whatever conflicts now is a newer change of another client.
    await applyUnchanged(ended, { known, force: false }, { cluster }, signal)
  } catch (error) {
    if (error instanceof SupersededError) return endPause(pool, planned, { run, preferred }, ports, signal)
    throw error
  }
  const turned = now.version === side || now.version === 'other' ? '' : side === 'before' ? ' rolled back,' : ' switched again,'
  reporter.info(`${title}:${turned} drift resumed`)
}
