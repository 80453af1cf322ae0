import { parseVllmLog, type VllmLog } from '../log/parse-vllm-log.ts'
import type { Measurement } from '../measure/measurement.ts'
import type { FirstToken } from '../measure/run-facts.ts'
import { cutTimeline } from './cut-timeline.ts'
import { eventMessage, involved } from './event-stamp.ts'
import { exactStamp, type Mark } from './mark.ts'
import { nodeMarks } from './node-marks.ts'
import { histories, trueCondition, type EventObject, type History, type PodObject } from './observed-objects.ts'
import { podMarks } from './pod-marks.ts'
import type { Timeline } from './timeline.ts'
import { underWay } from './under-way.ts'

/** One timeline for each new pod, in the order in which they were first seen; pods that never became Ready are among them. */
export function buildTimelines(measurement: Measurement): readonly Timeline[] {
  const events = histories(measurement.observations, 'Event').map(({ latest }) => latest)
  return histories(measurement.observations, 'Pod')
    .filter(({ latest }) => measurement.pods.includes(latest.metadata.name))
    .map((pod) => timeline(pod, events, measurement))
}

function timeline(pod: History<PodObject>, events: readonly EventObject[], measurement: Measurement): Timeline {
  const { scale, endedAt, observations, logs } = measurement
  const { metadata, spec, status } = pod.latest
  const sentMs = scale.sentAt.getTime()
  const podEvents = events.filter((event) => involved(event).uid === metadata.uid)
  // "Created pod: vllm-7d9f-abcde", on the ReplicaSet.
  const creation = events.find((event) => event.reason === 'SuccessfulCreate' && eventMessage(event).endsWith(` ${metadata.name}`))

  const lines = logs[metadata.name] ?? []
  const log = parseVllmLog(lines)
  const ofPod = podMarks(pod, podEvents, creation)
  const ofNode = nodeMarks(spec?.nodeName, podEvents, observations, sentMs)
  const ready = !pod.deleted && trueCondition(status?.conditions, 'Ready') !== undefined
  const marks: readonly Mark[] = [
    { id: 'scale.sent', ...exactStamp(sentMs, 'runner', 'scale request') },
    { id: 'scale.answered', ...exactStamp(scale.answeredAt.getTime(), 'runner', 'answer to the scale request') },
    ...ofPod.marks.filter(({ id }) => ready || id !== 'ready'),
    ...ofNode.marks,
    ...log.marks.flatMap(({ id, ...stamp }) => (id === 'log.first' || id === 'served' ? [{ id, ...stamp }] : [])),
    ...(ready ? [] : [{ id: 'observed.end' as const, ...exactStamp(endedAt.getTime(), 'runner', 'end of the observation') }]),
  ]
  const facts = {
    newNode: ofNode.newNode,
    requestsGpu: requestsGpu(pod.latest),
    hasInitContainers: (spec?.initContainers?.length ?? 0) > 0,
    restarted: ofPod.restarted,
  }
  const cut = cutTimeline(marks, facts, log.spans)
  const readyMs = cut.at('ready')
  const secondsFrom = (ms: number | undefined) => (ms === undefined || readyMs === undefined ? undefined : (readyMs - ms) / 1000)
  return {
    pod: metadata.name,
    node: spec?.nodeName,
    instanceType: ofNode.instanceType,
    newNode: ofNode.newNode,
    cacheHit: ofPod.cacheHit,
    ...(log.version !== undefined && { vllmVersion: log.version }),
    ...(log.model !== undefined && { model: log.model }),
    compileCache: log.compileCache,
    ...(log.compileCache === 'miss' && { compileMisses: compileMisses(log) }),
    ...(log.startupPlan !== undefined && { startupPlan: log.startupPlan }),
    startedAt: new Date(cut.startMs).toISOString(),
    rows: cut.rows,
    wallSeconds: cut.wallSeconds,
    ready,
    readyAfterSeconds: secondsFrom(sentMs),
    startupSeconds: secondsFrom(cut.at('pod.created')),
    lastPhase: cut.lastPhase,
    ...(!ready && { underWay: underWay(cut, log, lines) }),
    lastSeen: ready ? undefined : [lastSeen(pod, podEvents), log.failure && `vLLM: ${log.failure.reason}`].filter(Boolean).join('; '),
    ...firstTokenOf(measurement, metadata.name, cut.at('restarted') ?? cut.at('started')),
    dropped: cut.dropped,
  }
}

function firstTokenOf({ tokens, scale }: Measurement, pod: string, startedMs: number | undefined): { readonly firstToken?: FirstToken } {
  const seen = tokens?.[pod]
  if (seen === undefined) return {}
  if ('notMeasured' in seen) return { firstToken: seen }
  const { firstTokenAt, ...rest } = seen
  const since = (ms: number) => (firstTokenAt.getTime() - ms) / 1000
  const afterScaleSeconds = since(scale.sentAt.getTime())
  return { firstToken: { ...rest, afterScaleSeconds, ...(startedMs !== undefined && { afterContainerStartSeconds: since(startedMs) }) } }
}

function compileMisses({ compilations }: VllmLog): readonly string[] {
  return compilations.flatMap(({ part, verdict, reason }) =>
    verdict === 'hit' ? [] : [`${part === '' ? '' : `[${part}] `}${reason ?? ''}`],
  )
}

function requestsGpu({ spec }: PodObject): boolean {
  return (
    spec?.containers?.some(({ resources }) => resources?.limits?.['nvidia.com/gpu'] ?? resources?.requests?.['nvidia.com/gpu']) ?? false
  )
}

/** What keeps the pod, in the cluster's own words: a container's state, else the last warning. */
function lastSeen(pod: History<PodObject>, podEvents: readonly EventObject[]): string {
  if (pod.deleted) return 'the pod was deleted'
  const waiting = pod.latest.status?.containerStatuses?.map(({ state }) => state?.waiting).find((state) => state?.reason !== undefined)
  if (waiting !== undefined && waiting.reason !== 'ContainerCreating') return [waiting.reason, waiting.message].filter(Boolean).join(': ')
  const warning = podEvents.findLast(({ type }) => type === 'Warning')
  if (warning !== undefined) return `${warning.reason ?? 'warning'}: ${eventMessage(warning)}`
  return waiting?.reason ?? pod.latest.status?.containerStatuses?.[0]?.state?.terminated?.reason ?? 'no warning'
}
