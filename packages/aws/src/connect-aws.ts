import { InputError } from '@prebake/kernel'
import type { AccountQuotas, InstanceTypes, SnapshotFacts } from '@prebake/preflight'
import type { Builders, RegistryLogin, Snapshots } from '@prebake/snapshot'
import { credentialsProblem, regionOf, regionProblems } from './account-problems.ts'

export interface AwsConnection {
  readonly builders: Builders
  readonly snapshots: Snapshots
  /** For the preflight of a rollout. */
  readonly snapshotFacts: SnapshotFacts
  readonly quotas: AccountQuotas
  readonly instanceTypes: InstanceTypes
  /** When the credentials end, where their source says so. */
  readonly credentialsExpireAt: Date | undefined
  /** The login for a private ECR registry, asked for in the registry's own region. */
  readonly ecrLogin: (registry: string, signal: AbortSignal) => Promise<RegistryLogin>
}

/**
 * Opens EC2 and SSM in one region; no request is sent yet, except those that the source of the credentials needs. The SDK is loaded here, not on import.
 * An `env` other than the process's stands alone: keys, endpoint and proxy come from it, and the SDK's own search for credentials is not used.
 * @param options.region `eu-west-1`; when empty, AWS_REGION or AWS_DEFAULT_REGION of `env`.
 * @throws InputError naming `aws-region`, the credentials, or both.
 */
export async function connectAws(options: { region: string; env?: NodeJS.ProcessEnv }): Promise<AwsConnection> {
  const env = options.env ?? process.env
  const region = regionOf(options.region, env)
  const [
    { createClients },
    { createBuilders },
    { createSnapshots },
    { createSnapshotFacts },
    { createAccountQuotas },
    { createInstanceTypes },
  ] = await Promise.all([
    import('./clients.ts'),
    import('./builders.ts'),
    import('./snapshots.ts'),
    import('./snapshot-facts.ts'),
    import('./account-quotas.ts'),
    import('./instance-types.ts'),
  ])

  const problems = regionProblems(region)
  // Credentials are looked for even without a region, so that both are told at once.
  const clients = createClients({ region: region || 'us-east-1', env, standsAlone: env !== process.env })
  let expiration: Date | undefined
  let cause: unknown
  try {
    expiration = (await clients.ec2.config.credentials()).expiration
  } catch (error) {
    cause = error
    problems.push(credentialsProblem(error))
  }
  if (problems.length > 0) throw new InputError(problems, cause === undefined ? {} : { cause })
  return {
    builders: createBuilders(clients),
    snapshots: createSnapshots(clients),
    snapshotFacts: createSnapshotFacts(clients, region),
    quotas: createAccountQuotas(clients),
    instanceTypes: createInstanceTypes(clients, region),
    credentialsExpireAt: expiration,
    ecrLogin: async (registry, signal) => {
      const { credentials, requestHandler } = clients.ec2.config
      const endpoint = env === process.env ? undefined : env['AWS_ENDPOINT_URL']
      const { ecrLogin } = await import('./ecr-login.ts')
      return ecrLogin(registry, { credentials, requestHandler, maxAttempts: 6, ...(endpoint && { endpoint }) }, signal)
    },
  }
}
