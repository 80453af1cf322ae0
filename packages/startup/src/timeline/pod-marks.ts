import { timestampMs } from '../timestamp.ts'
import { oneClock, type ClockOffsets } from './clock-offsets.ts'
import { conditionStamp, nearReceipt } from './condition-stamp.ts'
import { eventMessage, eventStamp, involved } from './event-stamp.ts'
import { secondStamp, shiftStamp, type Mark, type MarkId, type Stamp } from './mark.ts'
import type { EventObject, History, PodObject } from './observed-objects.ts'

export interface PodMarks {
  readonly marks: readonly Mark[]
  readonly cacheHit: boolean | undefined
  readonly restarted: boolean
}

/** The controller tells of a pod just after it has created it; an event from elsewhere would not fit the pod's own stamp. */
const creationLagMs = 2000

/** What the pod and its events tell, of its first container where it has several. `podEvents` are those on the pod, `creation` the controller's. */
export function podMarks(
  pod: History<PodObject>,
  podEvents: readonly EventObject[],
  creation: EventObject | undefined,
  offsets: ClockOffsets = oneClock,
): PodMarks {
  const [nodeMs, controlPlaneMs] = (['node', 'control plane'] as const).map((clock) => offsets.of(clock, pod.latest.spec?.nodeName)) as [
    number,
    number,
  ]
  const { metadata, spec, status } = pod.latest
  const container = spec?.containers?.[0]?.name
  const containerStatus = status?.containerStatuses?.find(({ name }) => name === container)
  const restarted = (containerStatus?.restartCount ?? 0) > 0
  const runningSince = containerStatus?.state?.running?.startedAt
  const running =
    runningSince === undefined ? undefined : shiftStamp(secondStamp(timestampMs(runningSince), 'node', 'container startedAt'), nodeMs)

  const ofContainer = (event: EventObject) => {
    const path = involved(event).fieldPath
    return path === undefined || path === `spec.containers{${container ?? ''}}`
  }
  const event = (reason: string) => podEvents.find((each) => each.reason === reason && ofContainer(each))
  const stampOf = (found: EventObject | undefined) => {
    const stamp = found && eventStamp(found, 'node')
    return stamp && shiftStamp(stamp, nodeMs)
  }
  const pulledEvent = event('Pulled')
  const pulled = stampOf(pulledEvent)
  const cacheHit = pulledEvent && / already present on machine/.test(eventMessage(pulledEvent))
  const scheduled = podEvents.find(({ reason }) => reason === 'Scheduled')
  const bound = scheduled && eventStamp(scheduled, 'control plane')
  // With nothing to pull there is no event that says so: the kubelet had the sandbox when it found the image.
  const pulling = stampOf(event('Pulling')) ?? (cacheHit ? pulled : pulledBefore(pulled, pulledEvent))
  const hasInit = (spec?.initContainers?.length ?? 0) > 0

  const stamps: readonly (readonly [MarkId, Stamp | undefined])[] = [
    ['pod.created', shiftStamp(creationStamp(metadata.creationTimestamp, creation), controlPlaneMs)],
    ['bound', bound ? shiftStamp(bound, controlPlaneMs) : conditionStamp(pod, 'PodScheduled', 'control plane', controlPlaneMs)],
    ['accepted', acceptedStamp(pod, nodeMs)],
    // The kubelet tells of the sandbox with its next report, often after the pull began: only where nothing finer marks its end.
    ['sandbox.ready', hasInit || pulling === undefined ? conditionStamp(pod, 'PodReadyToStartContainers', 'node', nodeMs) : undefined],
    ['initialized', hasInit ? conditionStamp(pod, 'Initialized', 'node', nodeMs) : undefined],
    ['pulling', pulling],
    ['pulled', pulled],
    ['started', stampOf(event('Started')) ?? (restarted ? undefined : running)],
    ['restarted', restarted ? running : undefined],
    ['ready', conditionStamp(pod, 'Ready', 'node', nodeMs)],
  ]
  return { marks: stamps.flatMap(([id, stamp]) => (stamp === undefined ? [] : [{ id, ...stamp }])), cacheHit, restarted }
}

function acceptedStamp({ latest, states }: History<PodObject>, offsetMs: number): Stamp | undefined {
  const startTime = latest.status?.startTime
  if (startTime === undefined) return undefined
  const first = states.find(({ object }) => object.status?.startTime === startTime)
  return nearReceipt(shiftStamp(secondStamp(timestampMs(startTime), 'node', 'pod startTime'), offsetMs), first?.receivedAt)
}

function creationStamp(creationTimestamp: string, creation: EventObject | undefined): Stamp {
  const stamp = secondStamp(timestampMs(creationTimestamp), 'control plane', 'pod creationTimestamp')
  const reported = creation && eventStamp(creation, 'control plane')
  const lag = reported === undefined ? NaN : reported.atMs - stamp.atMs
  return reported !== undefined && lag >= 0 && lag < creationLagMs ? reported : stamp
}

/** `Successfully pulled image "x" in 27.88s (27.88s including waiting). …`: the second figure has the wait in it (kubelet, image_manager.go). */
function pulledBefore(pulled: Stamp | undefined, event: EventObject | undefined): Stamp | undefined {
  const took = /\((\d[\dhms.µ]*) including waiting\)/.exec(event ? eventMessage(event) : '')?.[1]
  const ms = took === undefined ? undefined : goDurationMs(took)
  if (pulled === undefined || ms === undefined) return undefined
  return {
    ...pulled,
    atMs: pulled.atMs - ms,
    earliestMs: pulled.earliestMs - ms - 1,
    latestMs: pulled.latestMs - ms + 1,
    source: `${pulled.source}, less ${took}`,
  }
}

/** `1m2.5s`, `870ms`, as Go writes a duration; in milliseconds. */
export function goDurationMs(text: string): number | undefined {
  const unitMs = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 0.001, us: 0.001, ns: 1e-6 } as const
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|µs|us|ns|m|s)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined
  return parts.reduce((sum, [, figure, unit]) => sum + Number(figure) * unitMs[unit as keyof typeof unitMs], 0)
}
