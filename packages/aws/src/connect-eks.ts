import { InputError, PrebakeError, ServiceError, type Clock } from '@prebake/kernel'
import { credentialsProblem, regionOf, regionProblems } from './account-problems.ts'
import { requireField, call } from './call.ts'
import type { Account } from './client-settings.ts'

/** What EKS says of a cluster, and tokens to be let in with. */
export interface EksCluster {
  readonly name: string
  /** The API server: `https://….eks.amazonaws.com`. */
  readonly address: string
  /** Of the API server's certificate, as PEM. */
  readonly certificateAuthority: string
  /** Whether the endpoint can be reached from outside of the VPC, and from which networks. */
  readonly publicAccess: boolean
  readonly publicAccessCidrs: readonly string[]
  /** For one request; asked for with each, so that it is renewed in time. @throws InputError when the credentials have ended. */
  readonly token: () => Promise<string>
}

export interface EksOptions {
  readonly clusterName: string
  /** When empty, AWS_REGION or AWS_DEFAULT_REGION of `env`. */
  readonly region?: string | undefined
  readonly env?: NodeJS.ProcessEnv
  /** In place of what the SDK's own chain finds. */
  readonly account?: Account | undefined
  readonly clock: Clock
  /** Told each new token before it is used, to keep it out of logs. */
  readonly onToken?: (token: string) => void
}

/**
 * Asks EKS for a cluster (`eks:DescribeCluster` is all that it needs). The SDK is loaded here, not on import; `env` counts as in `connectAws`.
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
    const hint = 'A cluster can be used once it is ACTIVE: look at it in the EKS console, then run again.'
    throw new PrebakeError(`Connect to the EKS cluster ${clusterName}: it is ${status ?? 'in no known state'}.`, { hint })
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
  return new InputError([{ input: 'cluster-name', wrong, remedy }], { cause })
}
