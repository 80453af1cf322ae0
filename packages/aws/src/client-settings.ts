import { ReportedHandler } from './reported-handler.ts'

export interface ClientOptions {
  readonly region: string
  readonly env: NodeJS.ProcessEnv
  /** Keys and endpoint come from `env` alone; otherwise the SDK looks where it always does. */
  readonly standsAlone: boolean
}

/** What every client is made with: limits, the proxy and the endpoint of `env`. */
export function clientSettings({ region, env, standsAlone }: ClientOptions) {
  const endpoint = standsAlone ? env['AWS_ENDPOINT_URL'] : undefined
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
    ...(endpoint && { endpoint }),
  }
}

/** Where the first client of a connection has its keys from. */
export function credentialSettings({ env, standsAlone }: ClientOptions) {
  return standsAlone ? { credentials: () => Promise.resolve(keysFrom(env)) } : {}
}

function keysFrom(env: NodeJS.ProcessEnv) {
  const accessKeyId = env['AWS_ACCESS_KEY_ID']
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']
  if (!accessKeyId || !secretAccessKey) throw new Error('AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set')
  const sessionToken = env['AWS_SESSION_TOKEN']
  const expiration = env['AWS_CREDENTIAL_EXPIRATION']
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    ...(expiration && { expiration: new Date(expiration) }),
  }
}
