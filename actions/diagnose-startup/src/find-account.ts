import type { DiagnosePorts } from '@prebake/diagnose'
import { InputError } from '@prebake/kernel'

/** Snapshots, quotas and instance types, where the job has credentials; without them the diagnosis goes by the cluster alone, and says so. */
export async function findAccount(awsRegion: string | undefined, env: NodeJS.ProcessEnv): Promise<Omit<DiagnosePorts, 'cluster'>> {
  const { connectAws } = await import('@prebake/aws')
  try {
    const { snapshotFacts: snapshots, quotas, instanceTypes, machineImages } = await connectAws({ region: awsRegion ?? '', env })
    return { snapshots, quotas, instanceTypes, machineImages }
  } catch (error) {
    if (error instanceof InputError) return {}
    throw error
  }
}
