import { maskSecret } from '@prebake/action-kit'
import { InputError, type Clock } from '@prebake/kernel'
import type { Workload } from '@prebake/startup'

/** Opens the cluster that the input, or KUBECONFIG, tells of. @throws InputError naming `kubeconfig`. */
export async function connect(given: string | undefined, env: NodeJS.ProcessEnv, clock: Clock): Promise<Workload> {
  if (given?.includes('\n')) maskSecret(given)
  const kubeconfig = given ?? env['KUBECONFIG']
  if (!kubeconfig) {
    const remedy = 'Give it, or write one in an earlier step (`aws eks update-kubeconfig`) and set `KUBECONFIG` to its path.'
    throw new InputError([{ input: 'kubeconfig', wrong: 'is missing, and `KUBECONFIG` is not set.', remedy }])
  }
  const { connectCluster } = await import('@prebake/kubernetes')
  return (await connectCluster({ kubeconfig, clock, env })).workload
}
