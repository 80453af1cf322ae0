import { systemClock, type Clock } from '@prebake/kernel'
import type { Cluster } from '@prebake/rollout'
import type { KubeConfig } from '@kubernetes/client-node'
import type { Completions, Workload } from '@prebake/startup'
import { createApiClient } from './api-client.ts'
import { createCluster } from './cluster.ts'
import { createCompletions } from './completions.ts'
import { createDiscovery } from './discovery.ts'
import { readKubeconfig } from './read-kubeconfig.ts'
import { createWorkload } from './workload.ts'

export interface ClusterConnection {
  /** The API server's address. */
  readonly address: string
  readonly cluster: Cluster
  readonly workload: Workload
  readonly completions: Completions
}

/** How to reach an API server without a kubeconfig, as a cloud provider describes it. */
export interface ClusterAccess {
  readonly name: string
  /** `https://host`. */
  readonly address: string
  /** PEM. */
  readonly certificateAuthority: string
  /** Whether the endpoint can be reached from outside its private network, and from where. */
  readonly publicAccess: boolean
  readonly publicAccessCidrs: readonly string[]
  /** A bearer token for one request. */
  readonly token: () => Promise<string>
}

export interface ConnectOptions {
  /** Provides the home folder, the proxy and the limit of one request. */
  readonly env?: NodeJS.ProcessEnv
  /** Times the pauses between attempts, and stamps watched changes. */
  readonly clock?: Clock
}

/**
 * Opens the cluster of a kubeconfig's current context, or of an access record. Sends no request yet. Loads credentials for each request, so that
 * short-lived ones are renewed. Requests use the kubeconfig's own `proxy-url`, or the proxy of `env`. Loads the Kubernetes client here, not on import,
 * and only for a kubeconfig.
 * @param options.kubeconfig a file path (`~/` is the home folder of `env`), or the YAML itself
 * @throws InputError naming `kubeconfig` or HTTPS_PROXY
 */
export async function connectCluster(
  options: ConnectOptions & ({ readonly kubeconfig: string } | { readonly access: ClusterAccess }),
): Promise<ClusterConnection> {
  const { env = process.env, clock = systemClock() } = options
  const { server, namespace, authenticate, config } =
    'access' in options ? readAccess(options.access) : await readKubeconfig(options.kubeconfig, env)
  const endpoint = 'access' in options ? options.access : undefined
  const requestLimitMs = Number(env['PREBAKE_REQUEST_TIMEOUT_MS']) || undefined
  const client = createApiClient({ address: server, authenticate, endpoint, env, clock, ...(requestLimitMs && { requestLimitMs }) })
  const discovery = createDiscovery(client, namespace)
  return {
    address: server,
    cluster: createCluster(client, discovery, server, clock),
    workload: createWorkload(client, discovery, clock),
    completions: createCompletions({ address: server, config, env, clock }),
  }
}

function readAccess({ name, address, certificateAuthority, token }: ClusterAccess) {
  const server = address.replace(/\/+$/, '')
  const authenticate = async () => ({ ca: certificateAuthority, headers: { authorization: `Bearer ${await token()}` } })
  const config = async (): Promise<KubeConfig> => {
    const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js')
    const made = new KubeConfig()
    const caData = Buffer.from(certificateAuthority).toString('base64')
    // A server without TLS is a simulated one; the client has to be set to that.
    const cluster = { name, server, caData, skipTLSVerify: server.startsWith('http:') }
    made.loadFromClusterAndUser(cluster, { name, token: await token() })
    return made
  }
  return { server, namespace: 'default', authenticate, config }
}
