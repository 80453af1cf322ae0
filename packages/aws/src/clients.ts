import { EC2Client } from '@aws-sdk/client-ec2'
import type { KMSClient } from '@aws-sdk/client-kms'
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { SSMClient } from '@aws-sdk/client-ssm'
import { clientSettings, credentialSettings, type ClientOptions } from './client-settings.ts'

export interface Clients {
  readonly ec2: EC2Client
  /** Never retries, for operations without an idempotency token. */
  readonly ec2Once: EC2Client
  readonly ssm: SSMClient
  /** Loaded on demand: only encrypted snapshots need it. */
  readonly kms: () => Promise<KMSClient>
  /** Loaded on demand: only a rollout reads quotas. */
  readonly quotas: () => Promise<ServiceQuotasClient>
}

/** Clients that share connections and credentials. Nothing is sent yet. */
export function createClients(options: ClientOptions): Clients {
  const shared = clientSettings(options)
  const ec2 = new EC2Client({ ...shared, maxAttempts: 6, ...credentialSettings(options) })
  // The first client's provider caches and renews the credentials, so a slow source is asked only once.
  const credentials = ec2.config.credentials
  return {
    ec2,
    ec2Once: new EC2Client({ ...shared, maxAttempts: 1, credentials }),
    ssm: new SSMClient({ ...shared, maxAttempts: 6, credentials }),
    kms: async () => new (await import('@aws-sdk/client-kms')).KMSClient({ ...shared, maxAttempts: 6, credentials }),
    quotas: async () =>
      new (await import('@aws-sdk/client-service-quotas')).ServiceQuotasClient({ ...shared, maxAttempts: 6, credentials }),
  }
}
