import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { instanceProfile, region } from '../moto/start-moto.ts'
import { layOutPrebake, startRepository, type LocalRepository } from './lay-out-repositories.ts'
import { runAct, type ActResult, type ActRun, type ActSettings } from './run-act.ts'

/** Thirty times as fast: real scripts keep up, also on a busy machine. */
export const rate = 30

/** act, with an AWS, sandboxes as its instances, a cluster, and the simulator's hub, registry and GitHub. */
export interface ActScene {
  readonly simulator: Simulator
  readonly prebake: LocalRepository
  /** A repository of someone who uses the project: `octo-org/vllm-on-eks`. */
  readonly stranger: LocalRepository
  /** IDs of the instances that run. */
  readonly running: () => readonly string[]
  run(
    run: Omit<ActRun, 'repository'> & { readonly repository?: LocalRepository },
    changes?: Partial<Pick<ActSettings, 'variables' | 'secrets' | 'environment'>>,
  ): Promise<ActResult>
  /** What GitHub does with entries that are not used for a week. */
  evictCache(): void
  [Symbol.asyncDispose](): Promise<void>
}

export const roles = {
  build: 'arn:aws:iam::123456789012:role/prebake-build',
  deploy: 'arn:aws:iam::123456789012:role/prebake-deploy',
  prune: 'arn:aws:iam::123456789012:role/prebake-prune',
}

/** What the workflows take for AWS and for the cluster. */
export type World = (
  simulator: Simulator,
  folder: string,
) => Promise<{
  /** Address of EC2, SSM and EKS. */
  readonly aws: string
  /** IDs of the instances that run. */
  readonly running: () => readonly string[]
  /** Settings that are this world's own. */
  readonly variables?: Readonly<Record<string, string>>
  stop(): Promise<void>
}>

export async function startScene(startWorld: World): Promise<ActScene> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-act-'))
  const simulator = await startSimulator({ rate })
  const world = await startWorld(simulator, folder)
  const prebake = layOutPrebake(join(folder, 'prebake'))
  const stranger = startRepository('octo-org/vllm-on-eks', join(folder, 'stranger'))
  const { AWS_ACCESS_KEY_ID: key = '', AWS_SECRET_ACCESS_KEY: secret = '', ...simulated } = simulator.environment
  // act names the repository, and its cache server speaks the first protocol, not the simulator's second.
  const { GITHUB_REPOSITORY: _, ACTIONS_CACHE_SERVICE_V2: __, ACTIONS_RESULTS_URL: ___, ...environment } = simulated

  const common: ActSettings = {
    folder,
    repositories: [prebake, stranger],
    variables: {
      PREBAKE_BUILD_ROLE: roles.build,
      PREBAKE_DEPLOY_ROLE: roles.deploy,
      PREBAKE_PRUNE_ROLE: roles.prune,
      PREBAKE_INSTANCE_PROFILE: instanceProfile,
      PREBAKE_APP_CLIENT_ID: 'Iv23liexample',
      PREBAKE_CLUSTER_NAME: simulator.clusterName,
      PREBAKE_NODE_ROLE: 'KarpenterNodeRole-demo',
      AWS_REGION: region,
      ...world.variables,
    },
    secrets: {
      GITHUB_TOKEN: simulator.githubToken,
      HF_TOKEN: simulator.hubToken,
      PREBAKE_APP_PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----',
    },
    environment: {
      ...environment,
      AWS_ENDPOINT_URL: world.aws,
      AWS_REGION: '',
      PREBAKE_ACT_AWS: JSON.stringify(Object.fromEntries(Object.values(roles).map((role) => [role, { key, secret }]))),
      PREBAKE_ACT_TOKENS: JSON.stringify({
        'actions_variables:write': simulator.variableToken,
        'contents:write pull_requests:write': simulator.proposerToken,
      }),
    },
  }
  return {
    simulator,
    prebake,
    stranger,
    running: world.running,
    run: (run, { variables, secrets, environment: more } = {}) =>
      runAct(
        { repository: prebake, ...run },
        {
          ...common,
          variables: { ...common.variables, ...variables },
          secrets: { ...common.secrets, ...secrets },
          environment: { ...common.environment, ...more },
        },
      ),
    evictCache: () => rmSync(join(folder, 'cache'), { recursive: true }),
    async [Symbol.asyncDispose]() {
      await world.stop()
      await simulator.stop()
      if (process.env['PREBAKE_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
