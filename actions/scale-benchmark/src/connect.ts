import { kubeconfigOf } from '@prebake/action-kit'
import type { Clock } from '@prebake/kernel'
import type { Workload } from '@prebake/startup'

/** Opens the cluster that the input, or KUBECONFIG, tells of. @throws InputError naming `kubeconfig`. */
export async function connect(given: string | undefined, env: NodeJS.ProcessEnv, clock: Clock): Promise<Workload> {
  const kubeconfig = kubeconfigOf(given, env)
  const { connectCluster } = await import('@prebake/kubernetes')
  return (await connectCluster({ kubeconfig, clock, env })).workload
}
