import { conditionsOf, describeCondition, nodeClassKind, nodePoolKind, textAt, titleOf, type KubernetesObject } from '@prebake/manifests'
import {
  crashedContainers,
  findWorkloadKind,
  judgeReadiness,
  listNodeClaims,
  listReadable,
  nodeClaimFailure,
  podFailure,
  podPhase,
  poolsFor,
  unlessUnreadable,
  waitingMessages,
  containersOf,
  type Cluster,
} from '@prebake/rollout/observe'
import type { Evidence } from './evidence.ts'

/** What is there, and what it says. */
export interface Scene {
  readonly workload: KubernetesObject
  /** Of the present version. */
  readonly pods: readonly KubernetesObject[]
  /** Left over from the version before, as in mid-rollout. */
  readonly oldPods: readonly KubernetesObject[]
  /** Those that the pods select; all where they select none. */
  readonly nodePools: readonly KubernetesObject[]
  readonly nodeClasses: readonly KubernetesObject[]
  readonly nodes: readonly KubernetesObject[]
  readonly evidence: readonly Evidence[]
  /** What may not be read, a sentence each. */
  readonly unread: readonly string[]
}

type Reader = Pick<Cluster, 'list' | 'get' | 'log'>

/** Enough for a whole start of vLLM. */
const tailLines = 500
/** Logs of one crashed pod say what those of the others say. */
const mostLogs = 3

/** Reads everything that the rules look at; changes nothing. What may not be read is reported. */
export async function gatherScene(workload: KubernetesObject, cluster: Reader, signal: AbortSignal): Promise<Scene> {
  const unread: string[] = []
  const list = async (kind: { readonly apiVersion: string; readonly kind: string }, namespace?: string) => {
    const found = await listReadable(cluster, { ...kind, ...(namespace !== undefined && { namespace }) }, signal)
    if ('items' in found) return found.items
    unread.push(found.unreadable.reason)
    return []
  }
  const kind = findWorkloadKind(workload)
  const { pods: all, ours, unreadable, guessed } = (await kind?.podsOf(workload, cluster, signal)) ?? noPods
  for (const each of [unreadable, guessed]) if (each !== undefined) unread.push(each.reason)
  const everyPool = await list(nodePoolKind)
  const selected = poolsFor(kind?.podSpecs(workload) ?? [], everyPool)
  const nodePools = selected.length > 0 ? selected : everyPool
  const nodeClasses = await list(nodeClassKind)
  const nodes = await list({ apiVersion: 'v1', kind: 'Node' })
  const claims = await listNodeClaims(nodePools, cluster, signal)
  if ('unreadable' in claims) unread.push(claims.unreadable.reason)

  const namespace = workload.metadata.namespace ?? 'default'
  const events = [...(await list(eventKind, namespace)), ...(namespace === 'default' ? [] : await list(eventKind, 'default'))]
  const names = new Set(ours.map(({ metadata }) => metadata.name))
  const pools = nodePools.map(({ metadata }) => metadata.name)
  const isAbout = (what: string, name: string) =>
    what === 'Pod'
      ? names.has(name)
      : ['NodeClaim', 'NodePool', 'EC2NodeClass'].includes(what) &&
        pools.some((pool) => what !== 'NodeClaim' || name.startsWith(`${pool}-`))
  return {
    workload,
    pods: ours,
    oldPods: (all ?? []).filter((pod) => !ours.includes(pod)),
    nodePools,
    nodeClasses,
    nodes,
    evidence: [
      ...eventLines(events, isAbout, ours),
      ...ours.flatMap(statusLines),
      ...('items' in claims ? claims.items : []).flatMap((claim) => conditionLine(claim, nodeClaimFailure(claim))),
      ...[...nodePools, ...nodeClasses].flatMap((object) => conditionLine(object, unreadyMessage(object))),
      ...(await logLines(ours, cluster, unread, signal)),
    ],
    unread: [...new Set(unread)],
  }
}

const noPods = { pods: [], ours: [], unreadable: undefined, guessed: undefined }
const eventKind = { apiVersion: 'v1', kind: 'Event' }

/** Warnings about what is not in order, and what the kubelet says of images. A pod that has a node by now is past what kept it from one. */
function eventLines(
  events: readonly KubernetesObject[],
  isAbout: (kind: string, name: string) => boolean,
  pods: readonly KubernetesObject[],
): readonly Evidence[] {
  const placed = new Set(pods.filter((pod) => textAt(pod, 'spec.nodeName') !== undefined).map(({ metadata }) => metadata.name))
  return events.flatMap((event): readonly Evidence[] => {
    const [kind, name, reason, type] = ['involvedObject.kind', 'involvedObject.name', 'reason', 'type'].map(
      (path) => textAt(event, path) ?? '',
    ) as [string, string, string, string]
    const isOver = kind === 'Pod' && placed.has(name) && reason === 'FailedScheduling'
    if (!isAbout(kind, name) || isOver || (type !== 'Warning' && reason !== 'Pulled')) return []
    const namespace = textAt(event, 'involvedObject.namespace')
    const object = `${kind} ${namespace ? `${namespace}/` : ''}${name}`
    return [{ object, kind: 'event', text: `${reason}: ${textAt(event, 'message') ?? ''}` }]
  })
}

function statusLines(pod: KubernetesObject): readonly Evidence[] {
  if (podPhase(pod) === 'Ready') return []
  const lines = [podFailure(pod), ...waitingMessages(pod)].filter((line) => line !== undefined)
  return [...new Set(lines)].map((text) => ({ object: titleOf(pod), kind: 'status', text }))
}

function conditionLine(object: KubernetesObject, text: string | undefined): readonly Evidence[] {
  return text === undefined ? [] : [{ object: titleOf(object), kind: 'condition', text }]
}

function unreadyMessage(object: KubernetesObject): string | undefined {
  const { ready, message } = judgeReadiness(object)
  const failing = conditionsOf(object).filter(({ status }) => status === 'False')
  return ready ? undefined : [message, ...failing.map(describeCondition)].join('; ')
}

/** Of crashed containers the run that ended; of the others the present one, which may be slow. */
async function logLines(
  pods: readonly KubernetesObject[],
  cluster: Reader,
  unread: string[],
  signal: AbortSignal,
): Promise<readonly Evidence[]> {
  const lines: Evidence[] = []
  const withNode = pods.filter((pod) => textAt(pod, 'spec.nodeName') !== undefined)
  const crashed = withNode.filter((pod) => crashedContainers(pod).length > 0)
  for (const pod of (crashed.length > 0 ? crashed : withNode).slice(0, mostLogs)) {
    const [container = containersOf(pod)[0]?.name] = crashedContainers(pod)
    if (container === undefined) continue
    const reference = { name: pod.metadata.name, namespace: pod.metadata.namespace ?? 'default', container }
    const read = (previous: boolean) => unlessUnreadable(cluster.log(reference, { previous, tailLines }, signal), signal)
    const text = (crashed.length > 0 ? await read(true) : undefined) ?? (await read(false))
    if (text === undefined) unread.push(`The log of ${titleOf(pod)} cannot be read, or is empty.`)
    for (const line of (text ?? '').split('\n'))
      if (line.trim() !== '') lines.push({ object: titleOf(pod), kind: 'log', text: line.trim() })
  }
  return lines
}
