import { isNodeClass, snapshotVolumesOf } from '@prebake/manifests'
import type { RollOutPorts, RollOutRequest } from '@prebake/rollout'
import type { ApplyInputs } from './inputs.ts'

/**
 * Where the job's own credentials let the preflight look up the snapshot, quotas, instance types and machine images. Without a snapshot, given or in a
 * manifest, and without an EKS cluster there may be no account, so none is asked for. The rollout says what was not checked.
 */
export async function findAccount(
  { snapshotId, manifests }: Pick<RollOutRequest, 'snapshotId' | 'manifests'>,
  { clusterName, awsRegion }: Pick<ApplyInputs, 'clusterName' | 'awsRegion'>,
  env: NodeJS.ProcessEnv,
): Promise<Pick<RollOutPorts, 'snapshots' | 'quotas' | 'instanceTypes' | 'machineImages'>> {
  const named =
    snapshotId !== undefined || manifests.some(({ document }) => isNodeClass(document) && snapshotVolumesOf(document).length > 0)
  if (!named && clusterName === undefined) return {}
  const { accountFacts } = await import('@prebake/aws')
  return accountFacts({ region: awsRegion ?? '', env })
}
