import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectInfra, type CallerIdentity, type InfraConnection } from '@prebake/aws'
import { findKubeconfig } from '../discover/find-kubeconfig.ts'
import type { OptimizeValues } from '../optimize/optimize-run.ts'
import type { PhasedContext } from '../run/run-phased-program.ts'
import type { Values } from '../run/run-program.ts'
import { applyStack } from './apply-stack.ts'
import { describeInfra } from './describe-infra.ts'
import { ensureCluster } from './ensure-cluster.ts'
import { findRepository } from './find-repository.ts'
import { githubCommands, subjectsOf } from './github-setup.ts'
import { prepareCluster } from './prepare-cluster.ts'
import { eksctl, kubectl, requireTools } from './run-tool.ts'
import type { setupOptions } from './setup-options.ts'

export const stackName = 'prebake'
export const setupTitles = { cluster: 'Make the cluster', roles: 'Make the roles' } as const

interface Site {
  readonly infra: InfraConnection
  readonly identity: CallerIdentity
  readonly clusterName: string
  /** `owner/name`; undefined: no roles for workflows. */
  readonly repository: string | undefined
  readonly provider: string | undefined
}

/**
 * The guide's `make setup-infra`, up to where `optimize-vllm` begins: checks tools and account, shows what it makes and what it costs, makes what is missing.
 * @returns the settings of optimize-vllm; undefined after a dry run
 */
export async function setupInfra(values: Values<typeof setupOptions>, setup: PhasedContext): Promise<OptimizeValues | undefined> {
  const { memory, asker, context } = setup
  const { env, signal, reporter } = context
  const tools = await requireTools(values.existing === true ? [] : [eksctl, kubectl], env, signal)
  if (tools.length > 0) reporter.info(`Tools     ${tools.join(', ')}`)
  const site = await lookAround(values, setup)
  const { infra, identity, clusterName, repository, provider } = site
  const [cluster, stack] = await Promise.all([infra.cluster(clusterName, signal), infra.stacks.describe(stackName, signal)])
  reporter.info(
    describeInfra({
      clusterName,
      region: infra.region,
      accountId: identity.accountId,
      identity: identity.arn,
      newCluster: cluster === undefined,
      stack: stack?.status,
      stackName,
      repository,
      newProvider: provider === undefined,
    }),
  )
  if (values['dry-run'] === true) {
    reporter.info('\nDry run: nothing was changed.')
    return undefined
  }
  await asker.confirm('\nMake it?')
  memory.remember({ 'cluster-name': clusterName, region: infra.region, ...(repository !== undefined && { repository }) })
  return make(values, site, setup)
}

async function lookAround(values: Values<typeof setupOptions>, { memory, asker, folder, context }: PhasedContext): Promise<Site> {
  const { env, signal } = context
  const known = values.existing === true ? findKubeconfig(values.kubeconfig, env) : undefined
  const earlier = memory.answers()
  const region =
    values.region ??
    known?.region ??
    (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || earlier['region']) ??
    (await asker.answer({ name: 'region', text: 'AWS region', why: 'AWS_REGION is not set' }))
  const infra = await connectInfra({ region, env })
  const identity = await infra.identity(signal)
  const suggestion = known === undefined ? (earlier['cluster-name'] ?? 'prebake') : known.clusterName
  const question = { name: 'cluster-name', text: 'Name of the EKS cluster', why: 'the kubeconfig does not say it', suggestion }
  const clusterName = values['cluster-name'] ?? (await asker.answer(question))
  const repository = await findRepository(values.github ?? earlier['repository'], asker, { folder, env, signal })
  const provider = repository === undefined ? undefined : await infra.githubProvider(signal)
  return { infra, identity, clusterName, repository, provider }
}

async function make(values: Values<typeof setupOptions>, site: Site, setup: PhasedContext): Promise<OptimizeValues> {
  const { infra, clusterName, repository, provider } = site
  const { folder, context } = setup
  const { env, signal, reporter, clock } = context
  const { result: cluster } = await reporter.phase(setupTitles.cluster, () =>
    ensureCluster({ name: clusterName, region: infra.region, folder }, { infra, clock, reporter, env }, signal),
  )
  const nodeRole = values.existing === true ? undefined : `eksctl-KarpenterNodeRole-${clusterName}`
  const { result: outputs } = await reporter.phase(setupTitles.roles, async () => {
    const request = {
      name: stackName,
      template: readFileSync(join(folder, 'deploy/infra/prebake.yaml'), 'utf8'),
      parameters: {
        ClusterName: clusterName,
        VpcId: cluster.vpcId ?? '',
        GitHubSubjects: repository === undefined ? '' : subjectsOf(repository, values['github-ids'], 'bake').join(','),
        GitHubDeploySubjects: repository === undefined ? '' : subjectsOf(repository, values['github-ids'], 'deploy').join(','),
        // The stack's own provider is not another one.
        GitHubProviderArn: (await ownsProvider(infra, signal)) ? '' : (provider ?? ''),
        KarpenterRole: values.existing === true ? '' : `eksctl-${clusterName}-iamservice-role`,
      },
      tags: { 'prebake:made-by': 'setup-infra' },
    }
    const made = await applyStack(request, { stacks: infra.stacks, clock, reporter }, signal)
    await prepareCluster({ folder, kubeconfig: values.kubeconfig }, context)
    return made
  })
  if (repository !== undefined) {
    const region = infra.region
    reporter.info('\nFor the workflows, once, with the GitHub CLI:')
    for (const line of githubCommands({ repository, region, clusterName, nodeRole: nodeRole ?? '<role of the GPU nodes>', outputs }))
      reporter.info(`  ${line}`)
  }
  return {
    ...values,
    'cluster-name': clusterName,
    region: infra.region,
    ...(nodeRole !== undefined && { 'node-role': nodeRole }),
    'instance-profile': values['instance-profile'] ?? outputs['InstanceProfile'] ?? '',
    'subnet-id': values['subnet-id'] ?? cluster.subnetIds[0] ?? '',
    'security-group-ids': values['security-group-ids'] ?? outputs['SecurityGroup'] ?? '',
  }
}

/** Whether the identity provider that the account has is the one of this stack. */
async function ownsProvider({ stacks }: InfraConnection, signal: AbortSignal): Promise<boolean> {
  return (await stacks.describe(stackName, signal))?.outputs['GitHubProvider'] !== undefined
}
