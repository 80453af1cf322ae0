import type { Clock } from '@prebake/kernel'
import { nodeClaimKind, nodeClassKind, nodeClassOf, nodePoolKind, pausedBy, titleOf, type KubernetesObject } from '@prebake/manifests'
import { nodeClassLabel, nodePoolLabel } from '../observe/karpenter-names.ts'
import { listReadable, type Unreadable } from '../observe/list-readable.ts'
import { claimOf, staleness, unsettledSource, type NodeSource } from '../observe/node-origins.ts'
import { isReady, nodeNameOf } from '../observe/pod-status.ts'
import { unlessUnreadable } from '../observe/unless-unreadable.ts'
import type { RollOutPorts } from '../roll-out-request.ts'
import { isFor, poolsFor } from '../workload/pools-for.ts'
import type { Judgement, WorkloadKind, WorkloadPods } from '../workload/workload-kind.ts'

/** What nodes are made from, as the server returned it right after it was applied. */
export interface AppliedNodes {
  readonly nodePools: readonly KubernetesObject[]
  readonly nodeClasses: readonly KubernetesObject[]
}

export interface NodesJudgement extends Judgement {
  /** Pods are on nodes of an earlier content, and nothing moves them. */
  readonly stranded?: boolean
}

/** Karpenter's controllers see a change within seconds; a state that has lasted so long is not in between any more. */
const settleMs = 30_000

interface Seen {
  readonly pools: ReadonlyMap<string, NodeSource>
  readonly classes: ReadonlyMap<string, NodeSource>
  readonly nodes: readonly KubernetesObject[]
  readonly claims: readonly KubernetesObject[]
}

/**
 * Judges, poll by poll, whether every ready pod is on a node that was made from what was applied: of the NodeClass that its NodePool refers to, and of the
 * content that both have now, so that a change under a fixed name counts too. Pods that neither select these nodes nor use a GPU are not judged: they may
 * run anywhere. What cannot be read for good is `unproven`; what cannot be read this time is not complete yet.
 */
export function createNodesJudge(
  kind: WorkloadKind,
  applied: AppliedNodes,
  { cluster, clock }: { readonly cluster: RollOutPorts['cluster']; readonly clock: Clock },
): (workload: KubernetesObject, pods: WorkloadPods, signal: AbortSignal) => Promise<NodesJudgement> {
  const startedAt = clock.now().getTime()
  let staleSince: number | undefined

  return async (workload, { ours, unreadable, guessed }, signal) => {
    const specs = kind.podSpecs(workload)
    const selected = poolsFor(specs, applied.nodePools)
    if (!isFor(specs, applied.nodePools) || applied.nodePools.length + applied.nodeClasses.length === 0)
      return { verdict: 'complete', message: '' }
    const [nodes, claims] = await Promise.all([
      listReadable(cluster, { apiVersion: 'v1', kind: 'Node', labelSelector: nodePoolLabel }, signal),
      listReadable(cluster, nodeClaimKind, signal),
    ])
    const blind = [unreadable, reasonOf(nodes), reasonOf(claims), guessed].filter((each) => each !== undefined)
    const failed = blind.find(({ cause }) => cause === 'failed')
    if (failed !== undefined) return { verdict: 'progressing', message: failed.reason }
    if (unreadable !== undefined || 'unreadable' in nodes)
      return { verdict: 'complete', message: '', unproven: `Cannot verify which nodes the pods run on: ${blind[0]?.reason}` }
    const doubt = guessed && `Identifying new pods by their node selector only: ${guessed.reason}`

    const ready = ours.filter(isReady)
    const wanted = kind.podCount(workload)
    if (ready.length < wanted) return { verdict: 'progressing', message: `${ready.length} of ${wanted} pods visible on the expected nodes` }
    const seen = { ...(await readSources(applied, cluster, signal)), nodes: nodes.items, claims: 'items' in claims ? claims.items : [] }
    const placed = ready.map((pod) => judgePlace(pod, selected, seen))
    const misplaced = placed.find(({ misplaced: each }) => each !== undefined)?.misplaced
    if (misplaced !== undefined) return { verdict: 'failed', message: misplaced, stranded: true }

    const now = clock.now().getTime()
    const stale = placed.find(({ stale: each }) => each !== undefined)?.stale
    staleSince = stale === undefined ? undefined : (staleSince ?? now)
    if (stale !== undefined) {
      const isOver = now - (staleSince ?? now) >= settleMs && [...seen.pools.values()].some(({ live }) => isPaused(live))
      return isOver ? { verdict: 'failed', message: stale, stranded: true } : { verdict: 'progressing', message: stale }
    }
    const isOld = placed.some(({ claim }) => claim !== undefined && Date.parse(claim.metadata.creationTimestamp ?? '') < startedAt)
    const unsettled = isOld && now - startedAt < settleMs ? unsettledSource([...seen.classes.values(), ...seen.pools.values()]) : undefined
    if (unsettled !== undefined) return { verdict: 'progressing', message: `Karpenter has not processed ${titleOf(unsettled.live)} yet` }
    const unproven = reasonOf(claims)?.reason ?? doubt ?? placed.find(({ unproven: each }) => each !== undefined)?.unproven
    return { verdict: 'complete', message: '', ...(unproven !== undefined && { unproven }) }
  }
}

interface Place {
  readonly claim?: KubernetesObject
  readonly misplaced?: string
  readonly stale?: string
  readonly unproven?: string
}

/** Where a pod is, and what is wrong or not known about that. */
function judgePlace(pod: KubernetesObject, selected: readonly KubernetesObject[], seen: Seen): Place {
  const name = nodeNameOf(pod) ?? ''
  const labels = seen.nodes.find(({ metadata }) => metadata.name === name)?.metadata.labels
  const [nodeClass, nodePool] = [labels?.[nodeClassLabel], labels?.[nodePoolLabel]]
  const runsOn = `Pod ${pod.metadata.name} runs on Node ${name}`
  const classes = new Set(selected.map(nodeClassOf))
  const isOfPool = nodePool !== undefined && seen.pools.has(nodePool)
  if (selected.length > 0 ? !classes.has(nodeClass) : !isOfPool && !seen.classes.has(nodeClass ?? '')) {
    const which = nodeClass === undefined ? 'which Karpenter did not create' : `of EC2NodeClass ${nodeClass}`
    const wanted = `not of ${[...classes].join(' or ')}`
    // A node of an earlier NodeClass is one that Karpenter will replace, as long as its NodePool lets it.
    if (isOfPool) return { stale: `${runsOn} ${which}, ${wanted}` }
    if (selected.length > 0 && nodePool === undefined) return { misplaced: `${runsOn} ${which}, ${wanted}` }
    return { unproven: `${runsOn} of NodePool ${nodePool ?? 'none'}, which is not among the manifests` }
  }
  const claim = claimOf(name, seen.claims)
  if (claim === undefined) return { unproven: `No NodeClaim says what Node ${name} was made from` }
  const sources = [seen.classes.get(nodeClass ?? ''), seen.pools.get(nodePool ?? '')].filter((each) => each !== undefined)
  const why = staleness(claim, sources)
  return why === undefined ? { claim } : { claim, stale: `${runsOn}, which is ${why}` }
}

async function readSources(
  applied: AppliedNodes,
  cluster: RollOutPorts['cluster'],
  signal: AbortSignal,
): Promise<Pick<Seen, 'pools' | 'classes'>> {
  const read = async (kind: typeof nodePoolKind, objects: readonly KubernetesObject[]) => {
    const live = await Promise.all(
      objects.map(({ metadata: { name } }) => unlessUnreadable(cluster.get({ ...kind, name }, signal), signal)),
    )
    return new Map(objects.map((object, index) => [object.metadata.name, { applied: object, live: live[index] ?? object }]))
  }
  const [pools, classes] = await Promise.all([read(nodePoolKind, applied.nodePools), read(nodeClassKind, applied.nodeClasses)])
  return { pools, classes }
}

const isPaused = ({ metadata }: KubernetesObject): boolean => metadata.annotations?.[pausedBy] !== undefined

const reasonOf = (listed: Awaited<ReturnType<typeof listReadable>>): Unreadable | undefined =>
  'unreadable' in listed ? listed.unreadable : undefined
