import { InputError } from '@prebake/kernel'
import type { RollOutPorts } from '@prebake/rollout'
import type { ApplyInputs } from './inputs.ts'

/**
 * Where the job's own credentials let the preflight look for the snapshot and for quotas. Neither a snapshot nor a cluster of EKS: then there may be no
 * account, and none is asked for. The rollout says what was not checked.
 */
export async function findAccount(
  snapshotId: string | undefined,
  { clusterName, awsRegion }: Pick<ApplyInputs, 'clusterName' | 'awsRegion'>,
  env: NodeJS.ProcessEnv,
): Promise<Pick<RollOutPorts, 'snapshots' | 'quotas'>> {
  if (snapshotId === undefined && clusterName === undefined) return {}
  const { connectAws } = await import('@prebake/aws')
  try {
    const { snapshotFacts: snapshots, quotas } = await connectAws({ region: awsRegion ?? '', env })
    return { snapshots, quotas }
  } catch (error) {
    if (error instanceof InputError) return {}
    throw error
  }
}
