import type { ExplainTrouble, Reporter } from '@prebake/kernel'
import type { Cluster, RollOutPorts } from '@prebake/rollout'

interface Sources {
  readonly cluster: Cluster
  readonly reporter: Reporter
  /** What of the account may be looked up; nothing where there is none. */
  readonly account: () => Promise<Pick<RollOutPorts, 'snapshots' | 'quotas' | 'instanceTypes' | 'machineImages'>>
}

/** The diagnosis, loaded when something does not start. */
export function explainTrouble({ cluster, reporter, account }: Sources): ExplainTrouble {
  return async (workload, said, signal) => {
    const { troubleExplainer } = await import('@prebake/diagnose')
    return troubleExplainer(async () => ({ ...(await account()), cluster }), reporter)(workload, said, signal)
  }
}
