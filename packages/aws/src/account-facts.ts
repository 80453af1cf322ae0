import { InputError } from '@prebake/kernel'
import { connectAws, type AwsConnection, type AwsOptions } from './connect-aws.ts'

/** What the preflight and the diagnosis look up in an account, by the names of their ports. */
export type AccountFacts = Pick<AwsConnection, 'quotas' | 'instanceTypes' | 'machineImages'> & {
  readonly snapshots: AwsConnection['snapshotFacts']
}

/** Opens what can be looked up with the job's credentials; nothing where it has none, or no region: whoever asks then says what was not checked. */
export async function accountFacts(options: AwsOptions): Promise<Partial<AccountFacts>> {
  try {
    const { snapshotFacts: snapshots, quotas, instanceTypes, machineImages } = await connectAws(options)
    return { snapshots, quotas, instanceTypes, machineImages }
  } catch (error) {
    if (error instanceof InputError) return {}
    throw error
  }
}
