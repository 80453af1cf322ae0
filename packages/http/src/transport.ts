import { networkFetch, type Fetch } from './network-fetch.ts'
import { proxyEnvironment, type Proxy } from './proxy-environment.ts'

/** A way to the network. */
export interface Transport {
  readonly fetch: Fetch
  /** The proxy that leads out, for hosts that NO_PROXY does not name. */
  readonly proxy: Proxy | undefined
}

/**
 * The network, through the proxy of `env` where it names one, and with Node's certificates (NODE_EXTRA_CA_CERTS adds to them).
 * @throws InputError naming the variable that is not the address of a proxy
 */
export function networkTransport(env: NodeJS.ProcessEnv = process.env): Transport {
  const { proxy, ...proxyEnv } = proxyEnvironment(env)
  return { fetch: networkFetch(proxyEnv), proxy }
}

/** A `fetch` of the caller's own. */
export function fetchTransport(fetch: Fetch): Transport {
  return { fetch, proxy: undefined }
}
