import { randomUUID } from 'node:crypto'
import type { RolloutJournal, RollOutPorts, RollOutRequest, RollOutResult } from '@prebake/rollout'
import { explainTrouble } from './explain-trouble.ts'
import { findAccount } from './find-account.ts'
import type { ApplyInputs } from './inputs.ts'
import { rolloutJournal } from './rollout-record.ts'
import { snapshotPointer, snapshotVerdicts, takeBackRejection } from './snapshot-ports.ts'

/** Rolls out, with what a failure needs: state for `post`, the snapshot's tags, the repository variable. */
export async function applyManifests(
  given: ApplyInputs,
  request: Pick<RollOutRequest, 'manifests' | 'namespace' | 'timeoutMs' | 'snapshotId'>,
  ports: RollOutPorts,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  journal: RolloutJournal = rolloutJournal(env),
): Promise<RollOutResult> {
  const { rollOut } = await import('@prebake/rollout')
  const { forceConflicts: force, dryRun, rollback, ignoreRules } = given
  if (given.clearRejection && request.snapshotId !== undefined) await takeBackRejection(request.snapshotId, given, ports.reporter, signal)
  const run = `${env['GITHUB_RUN_ID'] ?? 'local'}-${env['GITHUB_RUN_ATTEMPT'] ?? '1'}-${randomUUID().slice(0, 8)}`
  const pointer = await snapshotPointer(given)
  const marks = { verdicts: snapshotVerdicts(given), ...(pointer === undefined ? {} : { pointer }) }
  const account = await findAccount(request, given, env)
  const explained = { explainTrouble: explainTrouble({ ...ports, account: async () => account }) }
  return rollOut(
    { ...request, ignoreRules, force, dryRun, rollback, run },
    { ...ports, ...marks, ...account, ...explained, journal },
    signal,
  )
}
