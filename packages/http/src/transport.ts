import { networkFetch, type Fetch } from './network-fetch.ts'
import { proxyEnvironment, type Proxy } from './proxy-environment.ts'

/** A way to the network. */
export interface Transport {
  readonly fetch: Fetch
  /** Used for hosts that NO_PROXY does not name. */
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
