import { versions } from '@prebake/versions'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instanceProfile, region } from './aws/account.ts'
import { besideQueryServices } from './aws/query-services.ts'
import { createAws, type SimulatedAws } from './aws/create-aws.ts'
import { createSimulation, type SimulationOptions } from './core/create-simulation.ts'
import type { RecordedRequest } from './core/journal.ts'
import { serve } from './core/serve.ts'
import { besideEks, checkToken, createEks, type EksClusterFixture } from './eks/eks-service.ts'
import { createActionsCache, runtimeTokens } from './github/actions-cache.ts'
import { createGitHub, type SimulatedGitHub } from './github/github-service.ts'
import { createHub } from './hub/create-hub.ts'
import { createKubernetes, type SimulatedKubernetes } from './kubernetes/create-kubernetes.ts'
import { createRegistry } from './registry/create-registry.ts'
import { createHostSandbox } from './sandbox/host-sandbox.ts'

/** The rate is 60 unless another one is given, and lower on a slow machine. Real scripts run no faster for it: from about 200 on, they miss what they should meet. */
export interface SimulatorOptions extends Partial<SimulationOptions> {
  /** An existing folder for what instances write; without it a temporary one is made, and removed at the end. */
  readonly folder?: string
  /** The hub serves files at 1/scale of their size (default 64). */
  readonly hubScale?: number
  /** Simulated seconds until what was just created shows in Describe calls (default 1). */
  readonly describeLagSeconds?: number
  /** IAM actions that the caller lacks: `ec2:CreateSnapshot`. */
  readonly denied?: readonly string[]
  /** How EKS describes the cluster, where not as it is. */
  readonly eks?: Partial<EksClusterFixture>
}

export interface Simulator {
  readonly endpoints: {
    readonly aws: string
    readonly hub: string
    readonly registry: string
    readonly github: string
    readonly kubernetes: string
  }
  /** Endpoint and keys of the account, for a client that is not given them by its environment. */
  readonly account: { readonly endpoint: string; readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } }
  /** What makes the real clients talk to these servers, and the actions' clock keep their time. */
  readonly environment: Readonly<Record<string, string>>
  /** A GitHub token that may write repository variables. */
  readonly variableToken: string
  /** A GitHub token that may push branches and open pull requests. */
  readonly proposerToken: string
  /** The job's own GITHUB_TOKEN, which may not. */
  readonly githubToken: string
  /** A Hub token that was let into the gated models. */
  readonly hubToken: string
  /** Opens the registry's private image, `prebake-examples/private:v1`. */
  readonly registryLogin: { readonly username: string; readonly password: string }
  /** Inputs of build-snapshot that have no default, or whose default lies outside of the simulation. */
  readonly demoInputs: Readonly<Record<string, string>>
  /** The cluster's name in EKS. */
  readonly clusterName: string
  /** A kubeconfig for the cluster, as YAML. */
  readonly kubeconfig: string
  readonly kubernetes: Pick<SimulatedKubernetes, 'objects'>
  readonly aws: Omit<SimulatedAws, 'service' | 'stop'>
  requests(): readonly RecordedRequest[]
  /** Comments on the issues and pull requests, oldest first. */
  comments(): ReturnType<SimulatedGitHub['comments']>
  /** The keys of the workflow cache, the oldest first. */
  cacheKeys(): readonly string[]
  /** Removes every entry of the workflow cache, as GitHub does with what was not read for a week. */
  evictCache(): void
  /** The repository's variables. */
  variables(): Readonly<Record<string, string>>
  /** The repository on GitHub: its branches, commits and pull requests. */
  readonly repository: SimulatedGitHub['repository']
  /** The simulated time. */
  now(): Date
  /** Lets simulated seconds pass. */
  sleep(seconds: number): Promise<void>
  /** Ends every process that an instance runs, and all servers. */
  stop(): Promise<void>
}

const repository = 'octo-org/vllm-on-eks'
const githubTokens = {
  withVariables: 'ghs_simulatedAppToken',
  withoutVariables: 'ghs_simulatedGithubToken',
  withContents: 'ghs_simulatedProposerToken',
}
const registryLogin = { username: 'robot', password: 'simulated-registry-password' }
const clusterToken = 'k8s-aws-v1.a-token-that-opens-nothing'
const clusterName = 'demo'
const keys = { accessKeyId: 'AKIASIMULATED0EXAMPLE', secretAccessKey: 'a-secret-that-opens-nothing' }
const hubTokens = { granted: 'hf_granted', denied: 'hf_denied' }

/** Starts EC2, SSM, STS and EKS, a cluster, a model hub, an image registry and GitHub, each on a free port of 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulation = createSimulation({ rate: 60, ...options })
  const { clock, journal } = simulation
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'prebake-simulator-')))

  const registry = await serve(
    createRegistry(simulation, { users: { [registryLogin.username]: registryLogin.password } }).service,
    simulation,
  )
  const hub = await serve(
    createHub(simulation, { tokens: hubTokens, ...(options.hubScale && { scale: options.hubScale }) }).service,
    simulation,
  )
  const github = createGitHub(simulation, { repository, tokens: githubTokens, collaborators: { octocat: 'write' } })
  const githubServer = await serve(github.service, simulation)
  const actionsCache = createActionsCache()
  const cacheServer = await serve(actionsCache.service, simulation)
  const aws = createAws(simulation, {
    folder,
    createSandbox: (host) => createHostSandbox({ ...host, registry: registry.url }),
    ...(options.describeLagSeconds !== undefined && { describeLagSeconds: options.describeLagSeconds }),
    ...(options.denied && { denied: options.denied }),
  })
  const isAllowed = (token: string, now: Date) => checkToken(token, { clusterName, region, now, ...keys }) === undefined
  const kubernetes = createKubernetes(simulation, { snapshots: () => aws.snapshots(), token: clusterToken, isAllowed })
  const kubernetesServer = await serve(kubernetes.service, simulation)
  const eks = createEks({ name: clusterName, endpoint: kubernetesServer.url, ...options.eks })
  const awsServer = await serve(besideQueryServices(besideEks(aws.service, eks)), simulation)

  const servers = { aws: awsServer.url, hub: hub.url, registry: registry.url, github: githubServer.url, kubernetes: kubernetesServer.url }
  return {
    endpoints: servers,
    account: { endpoint: servers.aws, credentials: keys },
    environment: {
      AWS_ENDPOINT_URL: servers.aws,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      HF_ENDPOINT: servers.hub,
      GITHUB_API_URL: servers.github,
      GITHUB_REPOSITORY: repository,
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_RESULTS_URL: cacheServer.url,
      ACTIONS_RUNTIME_TOKEN: runtimeTokens.pullRequest,
      PREBAKE_SEED: String(options.seed ?? 1),
      PREBAKE_CLOCK_RATE: String(clock.rate),
      PREBAKE_CLOCK_ORIGIN: String(clock.origin),
    },
    variableToken: githubTokens.withVariables,
    proposerToken: githubTokens.withContents,
    githubToken: githubTokens.withoutVariables,
    hubToken: hubTokens.granted,
    registryLogin,
    demoInputs: {
      'instance-profile': instanceProfile.name,
      images: `${new URL(servers.registry).host}/vllm/vllm-openai:v${versions.vllm}`,
    },
    aws,
    requests: () => journal.entries(),
    clusterName,
    kubeconfig: kubernetes.kubeconfig(kubernetesServer.url),
    kubernetes,
    comments: () => github.comments(),
    cacheKeys: () => actionsCache.keys(),
    evictCache: () => actionsCache.evict(),
    variables: () => github.variables(),
    repository: github.repository,
    now: () => clock.now(),
    sleep: (seconds) => clock.sleep(seconds),
    async stop() {
      await kubernetes.stop()
      await Promise.all([awsServer, hub, registry, githubServer, cacheServer, kubernetesServer].map((server) => server.close()))
      await aws.stop()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
