import { ReportedHandler } from './reported-handler.ts'

/** An account that is named outright. */
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
  /** Where the proxy and the limits are read. */
  readonly env: NodeJS.ProcessEnv
  /** Left out: the SDK finds keys and endpoint where it always does. */
  readonly account?: Account | undefined
}

/** What every client is made with: limits, the proxy, and the account's endpoint. */
export function clientSettings({ region, env, account }: ClientOptions) {
  return {
    region,
    retryMode: 'standard',
    requestHandler: new ReportedHandler({
      connectionTimeout: 5_000,
      requestTimeout: Number(env['PREBAKE_REQUEST_TIMEOUT_MS']) || 30_000,
      // Without it the handler only warns, and waits for ever.
      throwOnRequestTimeout: true,
      httpsAgent: { proxyEnv: env },
    }),
    ...(account?.endpoint !== undefined && { endpoint: account.endpoint }),
  }
}

/** Where the first client of a connection has its keys from. */
export function credentialSettings({ account }: ClientOptions) {
  return account === undefined ? {} : { credentials: account.credentials }
}
