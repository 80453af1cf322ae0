import {
  conditionsOf,
  describeCondition,
  nodeClassKind,
  nodeClassOf,
  nodePoolKind,
  textAt,
  titleOf,
  type KubernetesObject,
} from '@prebake/manifests'
import {
  crashedContainers,
  findWorkloadKind,
  judgeReadiness,
  listNodeClaims,
  listReadable,
  nodeClaimFailure,
  nodeClassLabel,
  nodeNameOf,
  podFailure,
  podPhase,
  poolsOpenTo,
  unlessUnreadable,
  waitingMessages,
  containersOf,
  type Cluster,
} from '@prebake/rollout/observe'
import { eventLines } from './event-lines.ts'
import type { Evidence } from './evidence.ts'

/** What is there, and what it says. */
export interface Scene {
  readonly workload: KubernetesObject
  /** Of the present version. */
  readonly pods: readonly KubernetesObject[]
  /** Left over from the version before, as in mid-rollout. */
  readonly oldPods: readonly KubernetesObject[]
  /** Those that may make nodes for the pods; all where none may. */
  readonly nodePools: readonly KubernetesObject[]
  /** Those of these NodePools, and of the nodes that the pods are on. */
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
  const open = poolsOpenTo(kind?.podSpecs(workload) ?? [], everyPool)
  const nodePools = open.length > 0 ? open : everyPool
  const nodes = await list({ apiVersion: 'v1', kind: 'Node' })
  const used = new Set([...open.map(nodeClassOf), ...ours.map((pod) => nodeOf(pod, nodes)?.metadata.labels?.[nodeClassLabel])])
  const everyClass = await list(nodeClassKind)
  const usedClasses = everyClass.filter(({ metadata }) => used.has(metadata.name))
  const claims = await listNodeClaims(open, cluster, signal)
  if ('unreadable' in claims) unread.push(claims.unreadable.reason)

  const namespace = workload.metadata.namespace ?? 'default'
  const events = [...(await list(eventKind, namespace)), ...(namespace === 'default' ? [] : await list(eventKind, 'default'))]
  return {
    workload,
    pods: ours,
    oldPods: (all ?? []).filter((pod) => !ours.includes(pod)),
    nodePools,
    nodeClasses: open.length > 0 ? usedClasses : everyClass,
    nodes,
    evidence: [
      ...eventLines(events, { pods: ours, nodePools: open, nodeClasses: usedClasses }),
      ...ours.flatMap(statusLines),
      ...('items' in claims ? claims.items : []).flatMap((claim) => conditionLine(claim, nodeClaimFailure(claim))),
      ...[...open, ...usedClasses].flatMap((object) => conditionLine(object, unreadyMessage(object))),
      ...(await logLines(ours, cluster, unread, signal)),
    ],
    unread: [...new Set(unread)],
  }
}

const nodeOf = (pod: KubernetesObject, nodes: readonly KubernetesObject[]) =>
  nodes.find(({ metadata }) => metadata.name === nodeNameOf(pod))

const noPods = { pods: [], ours: [], unreadable: undefined, guessed: undefined }
const eventKind = { apiVersion: 'v1', kind: 'Event' }

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

/** Whether a container of it may have written something. */
const hasRun = (pod: KubernetesObject): boolean =>
  containersOf(pod).some(
    ({ restartCount = 0, state, lastState }) => restartCount > 0 || state?.waiting === undefined || lastState?.terminated !== undefined,
  )

/** Of crashed containers the run that ended; of the others the present one, which may be slow. */
async function logLines(
  pods: readonly KubernetesObject[],
  cluster: Reader,
  unread: string[],
  signal: AbortSignal,
): Promise<readonly Evidence[]> {
  const lines: Evidence[] = []
  const withNode = pods.filter((pod) => textAt(pod, 'spec.nodeName') !== undefined && hasRun(pod))
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
