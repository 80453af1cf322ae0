import { InputError } from '@prebake/kernel'
import type { AccountQuotas, InstanceTypes, MachineImages, SnapshotFacts } from '@prebake/preflight'
import type { OwnResources, ReferenceSource } from '@prebake/prune'
import type { Builders, Permissions, RegistryLogin, Snapshots } from '@prebake/snapshot'
import { credentialsProblem, regionOf, regionProblems } from './account-problems.ts'
import type { Account } from './client-settings.ts'

export interface AwsConnection {
  /** The given region or that of the environment: `eu-west-1`. */
  readonly region: string
  readonly builders: Builders
  readonly snapshots: Snapshots
  readonly permissions: Permissions
  /** For the preflight of a rollout. */
  readonly snapshotFacts: SnapshotFacts
  readonly quotas: AccountQuotas
  readonly instanceTypes: InstanceTypes
  readonly machineImages: MachineImages
  /** What the project's tag is on. */
  readonly ownResources: OwnResources
  /** Where EC2 names snapshots. */
  readonly snapshotReferences: readonly ReferenceSource[]
  /** SSM parameters below a path that name snapshots. */
  readonly parameterReferences: (path: string) => ReferenceSource
  /** When the credentials expire, if their source says so. */
  readonly credentialsExpireAt: Date | undefined
  /** The login for a private ECR registry, requested in the registry's own region. */
  readonly ecrLogin: (registry: string, signal: AbortSignal) => Promise<RegistryLogin>
}

export interface AwsOptions {
  /** `eu-west-1`; when empty, AWS_REGION or AWS_DEFAULT_REGION of `env`. */
  readonly region: string
  /** Provides region, proxy and limits (default: the process's environment). */
  readonly env?: NodeJS.ProcessEnv
  /** In place of the SDK's own chain. */
  readonly account?: Account
}

/**
 * Opens EC2 and SSM in one region. Sends no request yet, except those that the source of the credentials needs. Loads the SDK here, not on import.
 * @throws InputError naming `aws-region`, the credentials, or both.
 */
export async function connectAws(options: AwsOptions): Promise<AwsConnection> {
  const { env = process.env, account } = options
  const region = regionOf(options.region, env)
  const [
    clientModule,
    { createBuilders },
    { createSnapshots },
    { createPermissions },
    { createSnapshotFacts },
    { createAccountQuotas },
    { createInstanceTypes },
    { createMachineImages },
    { createOwnResources },
    { createParameterReferences, createSnapshotReferences },
  ] = await Promise.all([
    import('./clients.ts'),
    import('./builders.ts'),
    import('./snapshots.ts'),
    import('./permissions.ts'),
    import('./snapshot-facts.ts'),
    import('./account-quotas.ts'),
    import('./instance-types.ts'),
    import('./machine-images.ts'),
    import('./own-resources.ts'),
    import('./snapshot-references.ts'),
  ])

  const problems = regionProblems(region)
  // Also without a region, so that both problems are reported at once.
  const clients = clientModule.createClients({ region: region || 'us-east-1', env, account })
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
    region,
    builders: createBuilders(clients),
    snapshots: createSnapshots(clients),
    permissions: createPermissions(clients),
    snapshotFacts: createSnapshotFacts(clients, region),
    quotas: createAccountQuotas(clients),
    instanceTypes: createInstanceTypes(clients, region),
    machineImages: createMachineImages(clients, region),
    ownResources: createOwnResources(clients),
    snapshotReferences: createSnapshotReferences(clients),
    parameterReferences: (path) => createParameterReferences(clients, path),
    credentialsExpireAt: expiration,
    ecrLogin: async (registry, signal) => {
      const { credentials, requestHandler } = clients.ec2.config
      const { ecrLogin } = await import('./ecr-login.ts')
      const endpoint = account?.endpoint
      return ecrLogin(registry, { credentials, requestHandler, maxAttempts: 6, ...(endpoint !== undefined && { endpoint }) }, signal)
    },
  }
}
