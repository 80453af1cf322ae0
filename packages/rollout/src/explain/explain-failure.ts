import { PrebakeError } from '@prebake/kernel'
import { podPhase, podTrouble } from '../describe-pods.ts'
import { type KubernetesObject, nodeClassOf, titleOf } from '@prebake/manifests'
import { ourPods } from '../list-pods.ts'
import { listReadable } from '../list-readable.ts'
import type { Cluster } from '../ports/cluster.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { judgeReadiness } from '../prove/await-ready.ts'
import { listNodeClaims } from '../prove/describe-node-claims.ts'
import { claimTrouble } from './claim-trouble.ts'
import { lastWords } from './last-words.ts'
import { warningLines } from './warning-lines.ts'

/** The scheduler's word while there is no node; on a new node it is in the past, and would hide what is wrong now. */
const waitedForNode = 'FailedScheduling'

/** So many lines of each sort: the newest tell the most. */
const most = 3

/**
 * Why a Deployment's pods do not get ready, from the outside in: NodeClasses and NodePools that are not Ready, NodeClaims that do not become nodes, what
 * Karpenter says about them (EC2's own words among it), pods whose containers do not run, the newest warnings about them (scheduling, mounts, images,
 * probes), and the last lines of one that crashed. Facts alone, one a line; what cannot be read is a line that says so.
 */
export async function explainFailure(
  deployment: KubernetesObject,
  nodePools: readonly KubernetesObject[],
  { cluster }: Pick<RollOutPorts, 'cluster'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { ours, unreadable, guessed } = await ourPods(deployment, cluster, signal)
  const unready = ours.filter((pod) => !['Ready', 'Terminating'].includes(podPhase(pod)))
  const claims = nodePools.length === 0 ? { items: [] } : await listNodeClaims(nodePools, cluster, signal)
  const { namespace } = deployment.metadata
  // Events about what has no namespace are kept in `default`.
  const places = nodePools.length === 0 ? [namespace] : [...new Set([namespace, 'default'])]
  const events: KubernetesObject[] = []
  const blind: string[] = []
  for (const place of places) {
    const found = await listReadable(
      cluster,
      { apiVersion: 'v1', kind: 'Event', ...(place === undefined ? {} : { namespace: place }) },
      signal,
    )
    if ('unreadable' in found) blind.push(found.unreadable)
    else events.push(...found.items)
  }
  const podNames = new Set(unready.map(({ metadata }) => metadata.name))
  const placed = new Set(unready.filter(isPlaced).map(({ metadata }) => metadata.name))
  const poolNames = nodePools.map(({ metadata }) => metadata.name)
  return [
    ...(await karpenterTrouble(nodePools, cluster, signal)),
    ...('unreadable' in claims ? [claims.unreadable] : claims.items.flatMap(claimTrouble).slice(0, most)),
    // Karpenter deletes a NodeClaim that EC2 refuses; its events stay.
    ...warningLines(events, (kind, name) => kind === 'NodeClaim' && poolNames.some((pool) => name.startsWith(`${pool}-`)), most),
    ...[unreadable, guessed].filter((line) => line !== undefined),
    ...unready.flatMap((pod) => (podTrouble(pod) === undefined ? [] : [`${titleOf(pod)}: ${podTrouble(pod)}`])).slice(0, most),
    ...warningLines(
      events,
      (kind, name, reason) => kind === 'Pod' && podNames.has(name) && !(reason === waitedForNode && placed.has(name)),
      most,
    ),
    ...new Set(blind),
    ...(await lastWords(unready, cluster, signal)),
  ]
}

const isPlaced = (pod: KubernetesObject): boolean => (pod['spec'] as { readonly nodeName?: string } | undefined)?.nodeName !== undefined

/** Each NodePool that is not Ready, and its NodeClass. */
async function karpenterTrouble(
  nodePools: readonly KubernetesObject[],
  cluster: Pick<Cluster, 'get'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = []
  for (const { apiVersion, kind, metadata } of nodePools) {
    const nodePool = await readable(cluster.get({ apiVersion, kind, name: metadata.name }, signal), signal)
    const name = nodePool && nodeClassOf(nodePool)
    const reference = { apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', name: name ?? '' }
    const nodeClass = name === undefined ? undefined : await readable(cluster.get(reference, signal), signal)
    for (const object of [nodeClass, nodePool]) {
      const { ready, words } = object === undefined ? { ready: true, words: '' } : judgeReadiness(object)
      if (object !== undefined && !ready) lines.push(`${titleOf(object)}: ${words}`)
    }
  }
  return lines
}

/** Undefined too where it may not be read: it only makes the message better. */
async function readable<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (signal.aborted || !(error instanceof PrebakeError)) throw error
    return undefined
  }
}
