import { EC2Client } from '@aws-sdk/client-ec2'
import type { KMSClient } from '@aws-sdk/client-kms'
import { SSMClient } from '@aws-sdk/client-ssm'
import { NodeHttpHandler } from '@smithy/node-http-handler'

export interface Clients {
  readonly ec2: EC2Client
  /** Sends each request once, for operations that have no idempotency token. */
  readonly ec2Once: EC2Client
  readonly ssm: SSMClient
  /** Loaded when it is asked for: only encrypted snapshots need it. */
  readonly kms: () => Promise<KMSClient>
}

/**
 * Clients that share connections and credentials. Nothing is sent yet.
 * @param options.standsAlone keys and endpoint come from `env` alone; otherwise the SDK looks where it always does.
 */
export function createClients(options: { region: string; env: NodeJS.ProcessEnv; standsAlone: boolean }): Clients {
  const { region, env, standsAlone } = options
  const endpoint = standsAlone ? env['AWS_ENDPOINT_URL'] : undefined
  const shared = {
    region,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      // Without it the handler only warns, and waits for ever.
      throwOnRequestTimeout: true,
      httpsAgent: { proxyEnv: env },
    }),
    ...(endpoint && { endpoint }),
  }
  const ec2 = new EC2Client({ ...shared, maxAttempts: 6, ...(standsAlone && { credentials: () => Promise.resolve(keysFrom(env)) }) })
  // The first client's provider keeps what it got and renews it, so that a slow source is asked once for all.
  const credentials = ec2.config.credentials
  return {
    ec2,
    ec2Once: new EC2Client({ ...shared, maxAttempts: 1, credentials }),
    ssm: new SSMClient({ ...shared, maxAttempts: 6, credentials }),
    kms: async () => new (await import('@aws-sdk/client-kms')).KMSClient({ ...shared, maxAttempts: 6, credentials }),
  }
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
