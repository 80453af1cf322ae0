import { InputError, type Problem } from '@prebake/kernel'
import type { SnapshotFacts } from '@prebake/rollout'
import type { Builders, Snapshots } from '@prebake/snapshot'

export interface AwsConnection {
  readonly builders: Builders
  readonly snapshots: Snapshots
  /** For the preflight of a rollout. */
  readonly snapshotFacts: SnapshotFacts
  /** When the credentials end, where their source says so. */
  readonly credentialsExpireAt: Date | undefined
}

/**
 * Opens EC2 and SSM in one region; no request is sent yet, except those that the source of the credentials needs. The SDK is loaded here, not on import.
 * An `env` other than the process's stands alone: keys, endpoint and proxy come from it, and the SDK's own search for credentials is not used.
 * @param options.region `eu-west-1`; when empty, AWS_REGION or AWS_DEFAULT_REGION of `env`.
 * @throws InputError naming `aws-region`, the credentials, or both.
 */
export async function connectAws(options: { region: string; env?: NodeJS.ProcessEnv }): Promise<AwsConnection> {
  const env = options.env ?? process.env
  const region = options.region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || ''
  const [{ createClients }, { createBuilders }, { createSnapshots }, { createSnapshotFacts }] = await Promise.all([
    import('./clients.ts'),
    import('./builders.ts'),
    import('./snapshots.ts'),
    import('./snapshot-facts.ts'),
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
    credentialsExpireAt: expiration,
  }
}

function regionProblems(region: string): Problem[] {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) return []
  const remedy = 'Give a region such as eu-west-1 (the action configure-aws-credentials exports AWS_REGION).'
  return [{ input: 'aws-region', wrong: region === '' ? 'is missing.' : `"${region}" is not the name of a region.`, remedy }]
}

function credentialsProblem(error: unknown): Problem {
  const words = error instanceof Error ? error.message : String(error)
  return {
    input: 'AWS credentials',
    wrong: `none could be used (${words.replace(/\.$/, '')}).`,
    remedy:
      'In a workflow, run aws-actions/configure-aws-credentials before this step, in a job with `permissions: id-token: write`; ' +
      'elsewhere set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
  }
}
