import type { EKSClient } from '@aws-sdk/client-eks'
import { InputError, type Clock } from '@prebake/kernel'
import { SignatureV4 } from '@smithy/signature-v4'
import { credentialsProblem } from './account-problems.ts'

/** EKS accepts a token for 15 minutes after its date. Renewed well before that. */
const renewAfterMs = 10 * 60_000

/** By partition, if not amazonaws.com (the partitions of AWS's endpoint rules). */
const dnsSuffixes: readonly (readonly [region: RegExp, suffix: string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^eusc-/, 'amazonaws.eu'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^us-isof-/, 'csp.hci.ic.gov'],
  [/^eu-isoe-/, 'cloud.adc-e.uk'],
]

export interface EksTokenOptions {
  readonly region: string
  /** The cluster's name; for a local cluster on an Outpost, its ID. */
  readonly clusterId: string
  readonly clock: Clock
  /** Receives each new token before its first use, to mask it in logs. */
  readonly onToken?: ((token: string) => void) | undefined
}

/**
 * A source of bearer tokens for one EKS cluster, as `aws eks get-token` creates them: a signed URL of STS GetCallerIdentity with the cluster's name
 * among its signed headers (aws-iam-authenticator, "API Authorization from Outside a Cluster"). Signed locally with the client's credentials;
 * no request is sent. A token is used for ten minutes, or until the credentials expire, and is then replaced.
 * @throws InputError when there are no valid credentials any more
 */
export function eksTokens(
  { credentials, sha256 }: Pick<EKSClient['config'], 'credentials' | 'sha256'>,
  { region, clusterId, clock, onToken }: EksTokenOptions,
): () => Promise<string> {
  const hostname = `sts.${region}.${dnsSuffixes.find(([of]) => of.test(region))?.[1] ?? 'amazonaws.com'}`
  let current = { token: '', renewAt: 0 }
  return async () => {
    const now = clock.now()
    if (now.getTime() < current.renewAt) return current.token
    const identity = await credentials().catch((error: unknown) => {
      throw new InputError([credentialsProblem(error)], { cause: error })
    })
    const signer = new SignatureV4({ credentials: identity, region, service: 'sts', sha256 })
    const { query = {} } = await signer.presign(
      {
        method: 'GET',
        protocol: 'https:',
        hostname,
        path: '/',
        query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        headers: { host: hostname, 'x-k8s-aws-id': clusterId },
      },
      { signingDate: now, expiresIn: 60 },
    )
    const address = `https://${hostname}/?${new URLSearchParams(query as Record<string, string>).toString()}`
    const token = `k8s-aws-v1.${Buffer.from(address).toString('base64url')}`
    onToken?.(token)
    current = { token, renewAt: Math.min(now.getTime() + renewAfterMs, identity.expiration?.getTime() ?? Infinity) }
    return token
  }
}
