import { networkFetch, type Fetch } from './network-fetch.ts'
import { proxyEnvironment, type Proxy } from './proxy-environment.ts'

/** How requests reach the network. */
export interface Transport {
  readonly fetch: Fetch
  /** Used for every host that is not in NO_PROXY. */
  readonly proxy: Proxy | undefined
}

/**
 * The network: through the proxy that `env` names, with Node's CA certificates and those of NODE_EXTRA_CA_CERTS.
 * @throws InputError that names a malformed proxy variable
 */
export function networkTransport(env: NodeJS.ProcessEnv = process.env): Transport {
  const { proxy, ...proxyEnv } = proxyEnvironment(env)
  return { fetch: networkFetch(proxyEnv), proxy }
}

/** A `fetch` of the caller's own. */
export function fetchTransport(fetch: Fetch): Transport {
  return { fetch, proxy: undefined }
}
