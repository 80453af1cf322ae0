import { CancelledError, messageOf, ServiceError } from '@prebake/kernel'
import { isNodePool, nodePoolKind, pausedBy, referenceTo, titleOf, type KubernetesObject, type Manifest } from '@prebake/manifests'
import { applyUnchanged, superseded } from '../apply/apply-unchanged.ts'
import { sameTemplate } from '../observe/read-back.ts'
import type { Cluster } from '../ports/cluster.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { findWorkloadKind } from '../workload/find-workload-kind.ts'
import { listWorkloads } from '../workload/list-workloads.ts'
import { judgePause } from './lost-pause.ts'
import { resumedDocument } from './resumed-document.ts'

/** Where lost pauses are looked for. */
export interface PauseSearch {
  /** The run that looks: its own pauses are not lost. */
  readonly run: string
  readonly nodePools: (cluster: Pick<Cluster, 'get' | 'list'>, signal: AbortSignal) => Promise<readonly KubernetesObject[]>
  /** All that may run on them; undefined where that cannot be known. */
  readonly workloads: (cluster: ClusterReading, signal: AbortSignal) => Promise<readonly KubernetesObject[] | undefined>
}
type ClusterReading = Pick<Cluster, 'get' | 'list' | 'discover'>
type Ports = Pick<RollOutPorts, 'clock' | 'reporter'> & { readonly cluster: ClusterReading & Pick<Cluster, 'apply'> }

/** Everything in the cluster. */
const everywhere: PauseSearch = {
  run: '',
  nodePools: async (cluster, signal) => cluster.list(nodePoolKind, signal),
  workloads: listWorkloads,
}

/** The NodePools and workloads of a set of manifests. @param namespace of the documents without one. */
export function pausesOn(manifests: readonly Pick<Manifest, 'document'>[], namespace: string, run: string): PauseSearch {
  const documents = manifests.map(({ document }) => document)
  const workloads = documents.filter((document) => findWorkloadKind(document) !== undefined)
  const read = async (wanted: readonly KubernetesObject[], cluster: Pick<Cluster, 'get'>, signal: AbortSignal) =>
    (await Promise.all(wanted.map((document) => cluster.get(referenceTo(document), signal)))).flatMap((found) => found ?? [])
  return {
    run,
    nodePools: (cluster, signal) => read(documents.filter(isNodePool), cluster, signal),
    workloads: async (cluster, signal) =>
      workloads.length === 0
        ? undefined
        : read(
            workloads.map((document) => ({ ...document, metadata: { namespace, ...document.metadata } })),
            cluster,
            signal,
          ),
  }
}

/**
 * Ends the pauses of Karpenter's drift that lost runs have left, as far as that is safe; says of the others why they stay. Never an error: who looks has
 * work of its own.
 */
export async function endLostPauses(
  ports: Ports,
  signal: AbortSignal,
  { run, nodePools, workloads }: PauseSearch = everywhere,
): Promise<void> {
  try {
    const pools = await nodePools(ports.cluster, signal)
    const paused = pools.filter(({ metadata }) => metadata.annotations?.[pausedBy] !== undefined && metadata.annotations[pausedBy] !== run)
    if (paused.length === 0) return
    const found = await workloads(ports.cluster, signal)
    for (const pool of paused) await endLostPause(pool, found, run, ports, signal)
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError) throw error
    // Without Karpenter there is nothing to look for.
    if (error instanceof ServiceError && error.status === 404) return
    ports.reporter.warning(`Pauses that lost rollouts may have left were not looked for: ${messageOf(error)}`)
  }
}

async function endLostPause(
  pool: KubernetesObject,
  workloads: readonly KubernetesObject[] | undefined,
  run: string,
  { cluster, clock, reporter }: Ports,
  signal: AbortSignal,
): Promise<void> {
  const title = titleOf(pool)
  const ending = judgePause(pool, workloads, { run, now: clock.now() })
  if ('stays' in ending) {
    const fix = 'Roll out what served before, by its commit or its `snapshot-id`: that ends it.'
    return ending.isLost ? reporter.warning(`${title}: ${ending.stays}. ${fix}`) : reporter.info(`${title}: ${ending.stays}`)
  }
  const owner = pool.metadata.annotations?.[pausedBy]
  const known = (live: KubernetesObject) => {
    if (live.metadata.annotations?.[pausedBy] !== owner || !sameTemplate(live, pool)) throw superseded(live, 'was changed')
  }
  try {
    const document = resumedDocument(pool, ending.former, ending.side)
    await applyUnchanged(document, { known, force: false }, { cluster }, signal)
    const turned = ending.side === 'before' && !sameTemplate(pool, ending.former) ? ' rolled back,' : ''
    reporter.info(`${title}:${turned} drift resumed, which the rollout ${owner} had paused`)
  } catch (error) {
    if (signal.aborted || error instanceof CancelledError) throw error
    reporter.warning(`${title}: drift is still paused by the rollout ${owner}: ${messageOf(error)}`)
  }
}
