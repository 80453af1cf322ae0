import { repositoryVariable, workflowContext } from '@prebake/action-kit'
import type { Reporter } from '@prebake/kernel'
import type { SnapshotVerdicts } from '@prebake/rollout'
import type { SnapshotPointer } from '@prebake/snapshot-record'
import type { ApplyInputs } from './inputs.ts'

/** Snapshots of the account. The AWS client is loaded, and credentials are read, only when this is called. */
export async function openSnapshots({ awsRegion }: Pick<ApplyInputs, 'awsRegion'>) {
  const [{ connectAws }, snapshot] = await Promise.all([import('@prebake/aws'), import('@prebake/snapshot')])
  const { snapshots, region } = await connectAws({ region: awsRegion ?? '' })
  return { ...snapshot, snapshots, region }
}

/** Removes the tag by which an earlier rollout rejected the snapshot, so that this one and all others may take it. */
export async function takeBackRejection(
  snapshotId: string,
  given: Pick<ApplyInputs, 'awsRegion'>,
  reporter: Pick<Reporter, 'info' | 'warning'>,
  signal: AbortSignal,
): Promise<void> {
  const { clearRejection, snapshots } = await openSnapshots(given)
  const reason = await clearRejection(snapshotId, { snapshots }, signal)
  if (reason === undefined) reporter.warning(`${snapshotId} is not rejected: \`clear-rejection\` had nothing to do. Remove the input.`)
  else reporter.info(`${snapshotId} is no longer rejected (it was: ${reason})`)
}

export function snapshotVerdicts(given: Pick<ApplyInputs, 'awsRegion'>): SnapshotVerdicts {
  return {
    async reject(snapshotId, reason, signal) {
      const { rejectSnapshot, snapshots } = await openSnapshots(given)
      await rejectSnapshot(snapshotId, reason, { snapshots }, signal)
    },
  }
}

/** The repository variable that publish-snapshot writes; undefined without a token for it. */
export async function snapshotPointer({
  variableName,
  variableToken,
}: Pick<ApplyInputs, 'variableName' | 'variableToken'>): Promise<SnapshotPointer | undefined> {
  if (variableToken === undefined) return undefined
  const { repository, apiUrl } = await workflowContext()
  return repository && repositoryVariable({ ...repository, name: variableName, token: variableToken, apiUrl })
}
