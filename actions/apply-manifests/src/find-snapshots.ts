import { InputError } from '@prebake/kernel'
import type { SnapshotFacts } from '@prebake/rollout'

/**
 * Where the job's own credentials let the preflight look for the snapshot. A cluster can be reached without an AWS account, so none is asked for:
 * the rollout then says that the snapshot was not checked.
 */
export async function findSnapshots(
  snapshotId: string | undefined,
  region: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<SnapshotFacts | undefined> {
  if (snapshotId === undefined) return undefined
  const { connectAws } = await import('@prebake/aws')
  try {
    return (await connectAws({ region: region ?? '', env })).snapshotFacts
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}
