import type { Measurement } from '../measure/measurement.ts'
import { eventMessage, eventStamp } from './event-stamp.ts'
import type { ClockName } from './mark.ts'
import type { EventObject } from './observed-objects.ts'

/** By how much a clock is behind the runner's; negative: ahead of it. */
export interface ClockSkew {
  /** `control plane`, or the name of a node. */
  readonly clock: string
  readonly seconds: number
  /** Half of what the estimate may be off by, as far as the signals bound it. */
  readonly uncertaintySeconds: number
}

/** What has to be added to a stamp to read it on the runner's clock, in milliseconds. */
export interface ClockOffsets {
  readonly of: (clock: ClockName, node: string | undefined) => number
  readonly skews: readonly ClockSkew[]
}

/** Clocks that are one, as in a simulation. */
export const oneClock: ClockOffsets = { of: () => 0, skews: [] }

/** A difference that is smaller than this cannot be distinguished from the time that news takes. */
const leastMs = 25
/** The two quickest pieces of news must agree by this much: a single one may be late for reasons of its own. */
const agreementMs = 100

interface Evidence {
  /** The moment on the clock, and when the news of it reached the runner. */
  readonly stampMs: number
  readonly receivedMs: number
}

/**
 * Estimates each clock's offset from the events that it stamped more finely than seconds. News needs some time, and never arrives before the event: the
 * least lag of all bounds the offset from above (the minimum filter of one-way delays; Paxson, "On Calibrating Measurements of Packet Transit Times",
 * SIGMETRICS 1998), less half of the round trip of the scale request, as NTP does (RFC 5905, 8). No effect comes before its cause: that bounds it from below.
 */
export function estimateOffsets({ observations, scale }: Measurement): ClockOffsets {
  const sentMs = scale.sentAt.getTime()
  const roundTripMs = scale.answeredAt.getTime() - sentMs
  const byClock = new Map<string, Evidence[]>()
  let createdMs = Infinity
  for (const { kind, type, object, receivedAt } of observations) {
    // What was there before is listed late.
    if (kind !== 'Event' || type !== 'ADDED' || receivedAt.getTime() < sentMs) continue
    const event = object as EventObject
    const stamp = eventStamp(event, 'control plane')
    if (stamp === undefined || stamp.earliestMs !== stamp.latestMs) continue
    const clock = nodeOf(event) ?? controlPlane
    const evidence = { stampMs: stamp.atMs, receivedMs: receivedAt.getTime() }
    const before = byClock.get(clock)
    if (before === undefined) byClock.set(clock, [evidence])
    else before.push(evidence)
    if (event.reason === 'SuccessfulCreate' && eventMessage(event).startsWith('Created pod')) createdMs = Math.min(createdMs, stamp.atMs)
  }
  const offsets = new Map<string, number>()
  const skews: ClockSkew[] = []
  for (const [clock, evidence] of byClock) {
    const [upperMs = NaN, next = Infinity] = evidence.map(({ stampMs, receivedMs }) => receivedMs - stampMs).toSorted((a, b) => a - b)
    if (next - upperMs > agreementMs) continue
    const lowerMs = clock === controlPlane ? sentMs - createdMs : -Infinity
    const offsetMs = Math.max(lowerMs, upperMs - roundTripMs / 2)
    if (Math.abs(offsetMs) < Math.max(roundTripMs, leastMs)) continue
    offsets.set(clock, offsetMs)
    const uncertaintySeconds = (Number.isFinite(lowerMs) ? Math.max(0, upperMs - lowerMs) / 2 : roundTripMs) / 1000
    skews.push({ clock, seconds: offsetMs / 1000, uncertaintySeconds })
  }
  return {
    of: (clock, node) => (clock === 'runner' ? 0 : (offsets.get(clock === 'node' ? (node ?? '') : controlPlane) ?? 0)),
    skews,
  }
}

const controlPlane = 'control plane'

/** The node whose kubelet recorded the event. */
function nodeOf(event: EventObject): string | undefined {
  const { source, reportingComponent, reportingInstance } = event
  if (source?.component === 'kubelet') return source.host
  return reportingComponent === 'kubelet' ? reportingInstance : undefined
}
