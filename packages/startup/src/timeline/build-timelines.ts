import { shiftSpans } from '../log/log-span.ts'
import { parseVllmLog, type VllmLog } from '../log/parse-vllm-log.ts'
import type { Measurement } from '../measure/measurement.ts'
import type { FirstToken } from '../measure/run-facts.ts'
import { oneClock, type ClockOffsets } from './clock-offsets.ts'
import { cutTimeline } from './cut-timeline.ts'
import { eventMessage } from './event-stamp.ts'
import { indexObservations, type ObservationIndex } from './index-observations.ts'
import { exactStamp, shiftStamp, type Mark } from './mark.ts'
import { nodeMarks } from './node-marks.ts'
import { histories, trueCondition, type EventObject, type History, type PodObject } from './observed-objects.ts'
import { podMarks } from './pod-marks.ts'
import type { LogLine } from '../ports/workload.ts'
import { shareTexts } from './share-texts.ts'
import type { Timeline } from './timeline.ts'
import { underWay } from './under-way.ts'

/**
 * One timeline for each new pod, in the order in which they were first seen; pods that never became Ready are among them. All stamps are read on the
 * runner's clock.
 */
export function buildTimelines(measurement: Measurement, offsets: ClockOffsets = oneClock): readonly Timeline[] {
  const index = indexObservations(measurement.observations)
  const names = new Set(measurement.pods)
  const shared = shareTexts()
  return histories(measurement.observations, 'Pod')
    .filter(({ latest }) => names.has(latest.metadata.name))
    .map((pod) => {
      const { rows, ...rest } = timeline(pod, index, measurement, offsets)
      return { ...rest, rows: rows.map(shared) }
    })
}

function timeline(pod: History<PodObject>, { events, nodes }: ObservationIndex, measurement: Measurement, offsets: ClockOffsets): Timeline {
  const { scale, endedAt, logs } = measurement
  const { metadata, spec, status } = pod.latest
  const sentMs = scale.sentAt.getTime()
  const podEvents = events.ofPod.get(metadata.uid) ?? []
  const creation = events.creations.get(metadata.name)

  const lines = logs[metadata.name] ?? []
  const log = parseVllmLog(lines)
  const nodeMs = offsets.of('node', spec?.nodeName)
  const ofPod = podMarks(pod, podEvents, creation, offsets)
  const ofNode = nodeMarks(spec?.nodeName, podEvents, nodes, sentMs, offsets)
  const ready = !pod.deleted && trueCondition(status?.conditions, 'Ready') !== undefined
  const marks: readonly Mark[] = [
    { id: 'scale.sent', ...exactStamp(sentMs, 'runner', 'scale request') },
    { id: 'scale.answered', ...exactStamp(scale.answeredAt.getTime(), 'runner', 'answer to the scale request') },
    ...ofPod.marks.filter(({ id }) => ready || id !== 'ready'),
    ...ofNode.marks,
    ...log.marks.flatMap(({ id, ...stamp }) => (id === 'log.first' || id === 'served' ? [{ id, ...shiftStamp(stamp, nodeMs) }] : [])),
    ...(ready ? [] : [{ id: 'observed.end' as const, ...exactStamp(endedAt.getTime(), 'runner', 'end of the observation') }]),
  ]
  const facts = {
    newNode: ofNode.newNode,
    requestsGpu: requestsGpu(pod.latest),
    hasInitContainers: (spec?.initContainers?.length ?? 0) > 0,
    restarted: ofPod.restarted,
  }
  const cut = cutTimeline(marks, facts, shiftSpans(log.spans, nodeMs))
  const readyMs = cut.at('ready')
  const secondsFrom = (ms: number | undefined) => (ms === undefined || readyMs === undefined ? undefined : (readyMs - ms) / 1000)
  return {
    pod: metadata.name,
    node: spec?.nodeName,
    instanceType: ofNode.instanceType,
    ...ofNode.place,
    newNode: ofNode.newNode,
    cacheHit: ofPod.cacheHit,
    ...(log.version !== undefined && { vllmVersion: log.version }),
    ...(log.model !== undefined && { model: log.model }),
    ...weightsOf(lines),
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

/** `Model loading took 3.8815 GiB and 8.412345 seconds` (v1/worker/gpu_model_runner.py; `GiB memory` from 0.13 on). */
function weightsOf(lines: readonly LogLine[]): { readonly weightsGiB?: number } {
  const found = lines.findLast(({ text }) => text.includes('Model loading took'))?.text
  const gibibytes = Number(/Model loading took ([\d.]+) Gi?B/.exec(found ?? '')?.[1])
  return gibibytes > 0 ? { weightsGiB: gibibytes } : {}
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
