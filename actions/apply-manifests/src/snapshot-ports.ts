import { repositoryVariable, workflowContext } from '@prebake/action-kit'
import type { SnapshotPointer, SnapshotVerdicts } from '@prebake/rollout'
import type { ApplyInputs } from './inputs.ts'

/** Snapshots of the account. The AWS client is loaded, and credentials are read, only when this is called. */
export async function openSnapshots({ awsRegion }: Pick<ApplyInputs, 'awsRegion'>) {
  const [{ connectAws }, snapshot] = await Promise.all([import('@prebake/aws'), import('@prebake/snapshot')])
  const { snapshots, region } = await connectAws({ region: awsRegion ?? '' })
  return { ...snapshot, snapshots, region }
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
