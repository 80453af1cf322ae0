import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EksClusterState, InfraConnection } from '@prebake/aws'
import { PrebakeError, waitFor, type Clock, type Reporter } from '@prebake/kernel'
import type { TerminalErrorCode } from '../error-codes.ts'
import { runTool } from './run-tool.ts'

interface Ports {
  readonly infra: Pick<InfraConnection, 'cluster'>
  readonly clock: Clock
  readonly reporter: Pick<Reporter, 'info' | 'progress'>
  readonly env: NodeJS.ProcessEnv
}

export interface WantedCluster {
  readonly name: string
  readonly region: string
  /** Folder with deploy/infra. */
  readonly folder: string
}

const creationLimitMs = 45 * 60_000

/** The ClusterConfig with its names filled in, as eksctl takes it. */
export function renderClusterConfig({ name, region, folder }: WantedCluster): string {
  return readFileSync(join(folder, 'deploy/infra/cluster.yaml'), 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll('${CLUSTER_NAME}', name)
    .replaceAll('${AWS_REGION}', region)
}

/**
 * Creates the cluster with eksctl, or waits for one that is being created; the kubeconfig's current context is then the cluster. Safe to repeat.
 * @throws PrebakeError `cluster-unusable`, `tool-failed`
 */
export async function ensureCluster(wanted: WantedCluster, ports: Ports, signal: AbortSignal): Promise<EksClusterState> {
  const { name, region } = wanted
  const { infra, reporter, env } = ports
  const before = await infra.cluster(name, signal)
  const tool = { env, signal, onLine: (line: string) => reporter.progress(line.trim()) }
  if (before === undefined) {
    reporter.info(`eksctl creates the cluster ${name}. This takes about 20 minutes.`)
    await runTool('eksctl', ['create', 'cluster', '--config-file', '-', '--write-kubeconfig=false'], {
      ...tool,
      input: renderClusterConfig(wanted),
    })
  } else reporter.info(`The cluster ${name} is there (${before.status})`)
  const active = await awaitActive(name, ports, signal)
  await runTool('eksctl', ['utils', 'write-kubeconfig', '--cluster', name, '--region', region], tool)
  return active
}

function awaitActive(name: string, { infra, clock, reporter }: Ports, signal: AbortSignal): Promise<EksClusterState> {
  return waitFor({
    awaited: `the cluster ${name} to be active`,
    code: 'cluster-unusable' satisfies TerminalErrorCode,
    limitMs: creationLimitMs,
    everyMs: 15_000,
    clock,
    signal,
    onState: (state) => reporter.progress(state),
    poll: async () => {
      const found = await infra.cluster(name, signal)
      if (found?.status === 'ACTIVE') return { value: found }
      if (found !== undefined && ['CREATING', 'UPDATING', 'PENDING'].includes(found.status))
        return { state: `cluster ${name}: ${found.status}` }
      throw new PrebakeError(`Use the cluster ${name}: its status is ${found?.status ?? 'gone'}.`, {
        code: 'cluster-unusable' satisfies TerminalErrorCode,
        hint: `Look at it in the EKS console. To begin again: \`eksctl delete cluster --name ${name} --wait\`.`,
      })
    },
  })
}
