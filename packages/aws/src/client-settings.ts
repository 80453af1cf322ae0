import { proxyEnvironment } from '@prebake/http'
import { ReportedHandler } from './reported-handler.ts'

/** Explicit credentials, in place of the SDK's own chain. */
export interface Account {
  readonly endpoint?: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
    readonly expiration?: Date
  }
}

export interface ClientOptions {
  readonly region: string
  /** Provides the proxy and the limits. */
  readonly env: NodeJS.ProcessEnv
  /** Default: the SDK's own chain for credentials and endpoint. */
  readonly account?: Account | undefined
}

/** Settings of every client: limits, the proxy, and the account's endpoint. @throws InputError for a malformed proxy variable */
export function clientSettings({ region, env, account }: ClientOptions) {
  const { https_proxy, no_proxy } = proxyEnvironment(env)
  return {
    region,
    retryMode: 'standard',
    requestHandler: new ReportedHandler({
      connectionTimeout: 5_000,
      requestTimeout: Number(env['PREBAKE_REQUEST_TIMEOUT_MS']) || 30_000,
      // Otherwise the handler only warns, and waits indefinitely.
      throwOnRequestTimeout: true,
      httpsAgent: { proxyEnv: { https_proxy, no_proxy } },
    }),
    ...(account?.endpoint !== undefined && { endpoint: account.endpoint }),
  }
}

/** The credentials of the first client of a connection. */
export function credentialSettings({ account }: ClientOptions) {
  return account === undefined ? {} : { credentials: account.credentials }
}
