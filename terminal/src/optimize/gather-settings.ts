import type { FoundKubeconfig } from '../discover/find-kubeconfig.ts'
import type { NodeSettings } from '../discover/find-node-settings.ts'
import type { Memory } from '../memory/memory-file.ts'
import type { Asker } from '../screen/ask.ts'
import { projectDefaults } from './project-defaults.ts'

/** What a run works with, each by the name of its option. */
export interface Settings {
  readonly model: string
  readonly 'cluster-name': string
  readonly region: string
  readonly 'node-role': string
  readonly 'instance-profile': string
  /** Empty: a default one. */
  readonly 'subnet-id': string
  readonly 'security-group-ids': string
}

export interface Known {
  /** Options that were given. */
  readonly given: Readonly<Partial<Record<keyof Settings, string | undefined>>>
  readonly kubeconfig: FoundKubeconfig
  readonly nodes: NodeSettings
  readonly env: NodeJS.ProcessEnv
}

/** Answers that belong to one cluster, and mean nothing for another one. */
const ofOneCluster: readonly (keyof Settings)[] = ['cluster-name', 'region', 'node-role', 'subnet-id', 'security-group-ids']

/**
 * Every setting, by what comes first: the option, what the cluster and the environment say, an earlier answer, the default; only what is still unknown is
 * asked. The model is asked once.
 * @throws InputError naming what is missing where no one can be asked
 */
export async function gatherSettings(
  { given, kubeconfig, nodes, env }: Known,
  memory: Pick<Memory, 'answers'>,
  asker: Asker,
): Promise<Settings> {
  const all = memory.answers()
  const sameCluster = all['server'] === kubeconfig.server
  const earlier = (name: keyof Settings) => (ofOneCluster.includes(name) && !sameCluster ? undefined : all[name])
  const found: Readonly<Partial<Record<keyof Settings, string | undefined>>> = {
    'cluster-name': kubeconfig.clusterName ?? nodes.clusterName,
    region: kubeconfig.region ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined),
    'node-role': nodes.nodeRole,
  }
  const known = (name: keyof Settings) => given[name] || found[name] || earlier(name)
  const ask = (name: keyof Settings, text: string, why: string) => known(name) ?? asker.answer({ name, text, why })

  return {
    model:
      given.model || earlier('model') || (await asker.answer({ name: 'model', text: 'Model to bake', suggestion: projectDefaults.model })),
    'cluster-name': await ask('cluster-name', 'Name of the EKS cluster', 'neither the kubeconfig nor an EC2NodeClass says it'),
    region: await ask('region', 'AWS region', 'neither the kubeconfig nor AWS_REGION says it'),
    'node-role': await ask('node-role', 'IAM role of the GPU nodes', 'the cluster has no EC2NodeClass that says it'),
    'instance-profile': known('instance-profile') ?? projectDefaults.instanceProfile,
    'subnet-id': known('subnet-id') ?? '',
    'security-group-ids': known('security-group-ids') ?? '',
  }
}
