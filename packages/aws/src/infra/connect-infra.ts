import { InputError, ServiceError } from '@prebake/kernel'
import { credentialsProblem, regionOf, regionProblems } from '../account-problems.ts'
import { call, requireField } from '../call.ts'
import type { Account } from '../client-settings.ts'
import type { Stacks } from './stacks.ts'

export interface CallerIdentity {
  readonly accountId: string
  readonly arn: string
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string
}

export interface EksClusterState {
  /** EKS's own word: `ACTIVE`. */
  readonly status: string
  readonly vpcId: string | undefined
  readonly subnetIds: readonly string[]
}

/** What setting up needs of the account besides the builders: who one is, clusters, stacks, and GitHub as an identity provider. */
export interface InfraConnection {
  readonly region: string
  readonly stacks: Stacks
  identity(signal: AbortSignal): Promise<CallerIdentity>
  /** Undefined if there is none of this name. */
  cluster(name: string, signal: AbortSignal): Promise<EksClusterState | undefined>
  /** ARN of the account's identity provider for GitHub Actions, if it has one. */
  githubProvider(signal: AbortSignal): Promise<string | undefined>
}

/** Opens CloudFormation, EKS, IAM and STS in one region. Loads their SDKs here. @throws InputError naming `aws-region`, the credentials, or both */
export async function connectInfra(options: {
  readonly region: string
  readonly env?: NodeJS.ProcessEnv
  readonly account?: Account
}): Promise<InfraConnection> {
  const { env = process.env, account } = options
  const region = regionOf(options.region, env)
  const [cloudFormation, eksModule, iamModule, stsModule, { clientSettings, credentialSettings }, { createStacks }] = await Promise.all([
    import('@aws-sdk/client-cloudformation'),
    import('@aws-sdk/client-eks'),
    import('@aws-sdk/client-iam'),
    import('@aws-sdk/client-sts'),
    import('../client-settings.ts'),
    import('./stacks.ts'),
  ])
  const problems = regionProblems(region)
  const settings = { region: region || 'us-east-1', env, account }
  const shared = { ...clientSettings(settings), maxAttempts: 6 }
  const stacks = new cloudFormation.CloudFormationClient({ ...shared, ...credentialSettings(settings) })
  const { credentials } = stacks.config
  await credentials().catch((error: unknown) => problems.push(credentialsProblem(error)))
  if (problems.length > 0) throw new InputError(problems)
  const [eks, iam, sts] = [
    new eksModule.EKSClient({ ...shared, credentials }),
    new iamModule.IAMClient({ ...shared, credentials }),
    new stsModule.STSClient({ ...shared, credentials }),
  ]

  return {
    region,
    stacks: createStacks(stacks),
    async identity(signal) {
      const command = new stsModule.GetCallerIdentityCommand({})
      const { Account, Arn } = await call('sts:GetCallerIdentity', signal, (sent) => sts.send(command, sent))
      const arn = requireField(Arn, 'GetCallerIdentity', 'Arn')
      return { accountId: requireField(Account, 'GetCallerIdentity', 'Account'), arn, partition: arn.split(':')[1] ?? 'aws' }
    },
    async cluster(name, signal) {
      const command = new eksModule.DescribeClusterCommand({ name })
      try {
        const { cluster } = await call('eks:DescribeCluster', signal, (sent) => eks.send(command, sent))
        const { status, resourcesVpcConfig } = requireField(cluster, 'DescribeCluster', 'cluster')
        return { status: status ?? 'UNKNOWN', vpcId: resourcesVpcConfig?.vpcId, subnetIds: resourcesVpcConfig?.subnetIds ?? [] }
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return undefined
        throw error
      }
    },
    async githubProvider(signal) {
      const command = new iamModule.ListOpenIDConnectProvidersCommand({})
      const { OpenIDConnectProviderList = [] } = await call('iam:ListOpenIDConnectProviders', signal, (sent) => iam.send(command, sent))
      return OpenIDConnectProviderList.flatMap(({ Arn }) => Arn ?? []).find((arn) =>
        arn.endsWith(':oidc-provider/token.actions.githubusercontent.com'),
      )
    },
  }
}
