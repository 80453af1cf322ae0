import { systemClock, type Clock } from '@prebake/kernel'
import type { Cluster } from '@prebake/rollout'
import type { Workload } from '@prebake/startup'
import { createApiClient } from './api-client.ts'
import { createCluster } from './cluster.ts'
import { createDiscovery } from './discovery.ts'
import { readKubeconfig } from './read-kubeconfig.ts'
import { createWorkload } from './workload.ts'

export interface ClusterConnection {
  /** The API server's address, as the kubeconfig has it. */
  readonly address: string
  readonly cluster: Cluster
  readonly workload: Workload
}

/**
 * Opens the cluster of a kubeconfig's current context. No request is sent yet, and credentials are asked for with each request, so that short-lived
 * ones are renewed. The Kubernetes client is loaded here, not on import.
 * @param options.kubeconfig path of a file (`~/` is the home folder of `env`), or the YAML itself
 * @param options.clock pauses between tries, and the time stamps of watched changes
 * @throws InputError naming `kubeconfig`
 */
export async function connectCluster(options: { kubeconfig: string; env?: NodeJS.ProcessEnv; clock?: Clock }): Promise<ClusterConnection> {
  const { kubeconfig, env = process.env, clock = systemClock() } = options
  const { server, namespace, authenticate } = await readKubeconfig(kubeconfig, env)
  const client = createApiClient({ address: server, authenticate, clock })
  const discovery = createDiscovery(client, namespace)
  return { address: server, cluster: createCluster(client, discovery, server), workload: createWorkload(client, discovery, clock) }
}
