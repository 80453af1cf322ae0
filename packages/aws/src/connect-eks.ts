import { InputError, PrebakeError, ServiceError, type Clock } from '@prebake/kernel'
import { credentialsProblem, regionOf, regionProblems } from './account-problems.ts'
import { requireField, call } from './call.ts'
import type { AwsErrorCode } from './error-codes.ts'
import type { Account } from './client-settings.ts'

/** How to reach an EKS cluster, with tokens for it. */
export interface EksCluster {
  readonly name: string
  /** The API server: `https://….eks.amazonaws.com`. */
  readonly address: string
  /** The CA of the API server's certificate, as PEM. */
  readonly certificateAuthority: string
  /** Whether the endpoint can be reached from outside the VPC, and from which networks. */
  readonly publicAccess: boolean
  readonly publicAccessCidrs: readonly string[]
  /** Called for each request, so that the token is renewed in time. @throws InputError when the credentials have expired */
  readonly token: () => Promise<string>
}

export interface EksOptions {
  readonly clusterName: string
  /** When empty, AWS_REGION or AWS_DEFAULT_REGION of `env`. */
  readonly region?: string | undefined
  readonly env?: NodeJS.ProcessEnv
  /** In place of the SDK's own chain. */
  readonly account?: Account | undefined
  readonly clock: Clock
  /** Receives each new token before its first use, to mask it in logs. */
  readonly onToken?: (token: string) => void
}

/**
 * Finds a cluster in EKS (needs only `eks:DescribeCluster`). Loads the SDK here, not on import; uses `env` as `connectAws` does.
 * @throws InputError naming `aws-region`, `cluster-name`, the credentials, or several; PrebakeError for a cluster without an endpoint; ServiceError.
 */
export async function connectEks(options: EksOptions, signal: AbortSignal): Promise<EksCluster> {
  const { clusterName, clock, onToken, account, env = process.env } = options
  const region = regionOf(options.region, env)
  const [{ DescribeClusterCommand, EKSClient }, { clientSettings, credentialSettings }, { eksTokens }] = await Promise.all([
    import('@aws-sdk/client-eks'),
    import('./client-settings.ts'),
    import('./eks-token.ts'),
  ])

  const problems = regionProblems(region)
  const settings = { region: region || 'us-east-1', env, account }
  const eks = new EKSClient({ ...clientSettings(settings), maxAttempts: 6, ...credentialSettings(settings) })
  await eks.config.credentials().catch((error: unknown) => problems.push(credentialsProblem(error)))
  if (problems.length > 0) throw new InputError(problems)

  const command = new DescribeClusterCommand({ name: clusterName })
  const { cluster } = await call('eks:DescribeCluster', signal, (sent) => eks.send(command, sent)).catch((error: unknown) => {
    throw error instanceof ServiceError && error.code === 'ResourceNotFoundException' ? unknownCluster(clusterName, region, error) : error
  })
  const found = requireField(cluster, 'DescribeCluster', 'cluster')
  const { endpoint, certificateAuthority, status, resourcesVpcConfig, id } = found
  if (!endpoint || !certificateAuthority?.data || status === 'DELETING') {
    const hint = 'Wait until it is ACTIVE in the EKS console, then run again.'
    const code = 'cluster-not-active' satisfies AwsErrorCode
    throw new PrebakeError(`Connect to the EKS cluster ${clusterName}: its status is ${status ?? 'unknown'}.`, { code, hint })
  }
  return {
    name: clusterName,
    address: endpoint,
    certificateAuthority: Buffer.from(certificateAuthority.data, 'base64').toString('utf8'),
    publicAccess: resourcesVpcConfig?.endpointPublicAccess ?? true,
    publicAccessCidrs: resourcesVpcConfig?.publicAccessCidrs ?? [],
    token: eksTokens(eks.config, { region, clusterId: id ?? clusterName, clock, onToken }),
  }
}

function unknownCluster(name: string, region: string, cause: ServiceError): InputError {
  const wrong = `there is no EKS cluster \`${name}\` in ${region} in this account.`
  const remedy = 'Check the name, `aws-region`, and which account the credentials belong to (`aws eks list-clusters`).'
  return new InputError([{ code: 'cluster-not-found' satisfies AwsErrorCode, input: 'cluster-name', wrong, remedy }], { cause })
}
