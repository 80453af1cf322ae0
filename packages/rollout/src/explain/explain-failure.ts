import { nodeClassKind, nodeClassOf, titleOf, type KubernetesObject } from '@prebake/manifests'
import { listReadable } from '../observe/list-readable.ts'
import { isClaimOf, listNodeClaims, nodeClaimFailure } from '../observe/node-claims.ts'
import { nodeNameOf, podFailure, podPhase } from '../observe/pod-status.ts'
import { judgeReadiness } from '../observe/readiness.ts'
import { unlessUnreadable } from '../observe/unless-unreadable.ts'
import type { Cluster } from '../ports/cluster.ts'
import type { WorkloadKind } from '../workload/workload-kind.ts'
import { crashLogTail } from './crash-log-tail.ts'
import { warningLines } from './warning-lines.ts'

/** The scheduler's event while there is no node; on a new node it is in the past, and would hide what is wrong now. */
const waitedForNode = 'FailedScheduling'

/** So many lines of each sort: the newest say the most. */
const most = 3

/**
 * Why a workload's pods do not become ready, from the outside in: NodeClasses and NodePools that are not Ready, NodeClaims that do not become nodes,
 * Karpenter's events about them (with EC2's own words), pods whose containers do not run, the newest warnings about them (scheduling, mounts, images,
 * probes), and the last lines of one that crashed. Only facts, one a line; what cannot be read is a line that says so.
 */
export async function explainFailure(
  workload: KubernetesObject,
  kind: WorkloadKind,
  nodePools: readonly KubernetesObject[],
  { cluster }: { readonly cluster: Cluster },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { ours, unreadable, guessed } = await kind.podsOf(workload, cluster, signal)
  const unready = ours.filter((pod) => !['Ready', 'Terminating'].includes(podPhase(pod)))
  const claims = await listNodeClaims(nodePools, cluster, signal)
  const { events, blind } = await readEvents(workload, nodePools, cluster, signal)
  const podNames = new Set(unready.map(({ metadata }) => metadata.name))
  const placed = new Set(unready.filter((pod) => nodeNameOf(pod) !== undefined).map(({ metadata }) => metadata.name))
  const poolNames = nodePools.map(({ metadata }) => metadata.name)
  return [
    ...(await unreadyKarpenterObjects(nodePools, cluster, signal)),
    ...('unreadable' in claims
      ? [claims.unreadable.reason]
      : claims.items.flatMap((claim) => nodeClaimFailure(claim) ?? []).slice(0, most)),
    // Karpenter deletes a NodeClaim that EC2 refuses; its events stay.
    ...warningLines(events, (kind, name) => kind === 'NodeClaim' && poolNames.some((pool) => isClaimOf(pool, name)), most),
    ...[unreadable, guessed].flatMap((each) => each?.reason ?? []),
    ...unready.flatMap((pod) => (podFailure(pod) === undefined ? [] : [`${titleOf(pod)}: ${podFailure(pod)}`])).slice(0, most),
    ...warningLines(
      events,
      (kind, name, reason) => kind === 'Pod' && podNames.has(name) && !(reason === waitedForNode && placed.has(name)),
      most,
    ),
    ...blind,
    ...(await crashLogTail(unready, cluster, signal)),
  ]
}

/** @returns `blind`: why some cannot be read. */
async function readEvents(
  { metadata: { namespace } }: KubernetesObject,
  nodePools: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'list'>,
  signal: AbortSignal,
): Promise<{ readonly events: readonly KubernetesObject[]; readonly blind: ReadonlySet<string> }> {
  // Events about cluster-scoped objects are kept in `default`.
  const namespaces = nodePools.length === 0 ? [namespace] : [...new Set([namespace, 'default'])]
  const events: KubernetesObject[] = []
  const blind = new Set<string>()
  for (const each of namespaces) {
    const query = { apiVersion: 'v1', kind: 'Event', ...(each === undefined ? {} : { namespace: each }) }
    const found = await listReadable(cluster, query, signal)
    if ('unreadable' in found) blind.add(found.unreadable.reason)
    else events.push(...found.items)
  }
  return { events, blind }
}

/** Each NodePool that is not Ready, and its NodeClass. */
async function unreadyKarpenterObjects(
  nodePools: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'get'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = []
  for (const { apiVersion, kind, metadata } of nodePools) {
    const nodePool = await unlessUnreadable(cluster.get({ apiVersion, kind, name: metadata.name }, signal), signal)
    const name = nodePool && nodeClassOf(nodePool)
    const nodeClass = name === undefined ? undefined : await unlessUnreadable(cluster.get({ ...nodeClassKind, name }, signal), signal)
    for (const object of [nodeClass, nodePool]) {
      const { ready, message } = object === undefined ? { ready: true, message: '' } : judgeReadiness(object)
      if (object !== undefined && !ready) lines.push(`${titleOf(object)}: ${message}`)
    }
  }
  return lines
}
