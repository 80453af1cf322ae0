import { repositoryVariable, workflowContext } from '@prebake/action-kit'
import type { SnapshotPointer, SnapshotVerdicts } from '@prebake/rollout'
import type { ApplyInputs } from './inputs.ts'

/** Snapshots of the account. The AWS client is loaded, and credentials are read, only when this is called. */
async function openSnapshots({ awsRegion }: Pick<ApplyInputs, 'awsRegion'>) {
  const [{ connectAws }, snapshot] = await Promise.all([import('@prebake/aws'), import('@prebake/snapshot')])
  return { ...snapshot, snapshots: (await connectAws({ region: awsRegion ?? '' })).snapshots }
}

/** The snapshot's ID as it was given, or that of the latest one. @throws InputError when there is none. */
export async function resolveSnapshot(
  given: Pick<ApplyInputs, 'awsRegion' | 'snapshotId' | 'snapshotTags'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (given.snapshotId !== 'latest') return given.snapshotId
  const { latestSnapshot, snapshots } = await openSnapshots(given)
  return (await latestSnapshot(given.snapshotTags, { snapshots }, signal)).snapshotId
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
