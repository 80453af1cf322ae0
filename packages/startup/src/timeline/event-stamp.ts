import { timestampMs } from '../timestamp.ts'
import { exactStamp, secondStamp, type ClockName, type Stamp } from './mark.ts'
import type { EventObject } from './observed-objects.ts'

/** A name whose end merely looks like a time would be years away. */
const plausibleMs = 5000

/**
 * When an event first happened, as finely as it tells. client-go names an event `<object>.<nanoseconds since 1970, hexadecimal>`
 * (tools/record and tools/events), which outdoes its own `eventTime` (microseconds) and `firstTimestamp` (seconds).
 */
export function eventStamp(event: EventObject, clock: ClockName): Stamp | undefined {
  const coarse = coarseStamp(event, clock)
  const nanoseconds = /\.([0-9a-f]{15,16})$/.exec(event.metadata.name)?.[1]
  if (nanoseconds === undefined) return coarse
  const atMs = Number(BigInt(`0x${nanoseconds}`) / 1000n) / 1000
  if (coarse !== undefined && Math.abs(atMs - coarse.atMs) > plausibleMs) return coarse
  return exactStamp(atMs, clock, `event ${event.reason ?? ''} (name)`)
}

function coarseStamp(event: EventObject, clock: ClockName): Stamp | undefined {
  if (event.eventTime) return exactStamp(timestampMs(event.eventTime), clock, `event ${event.reason ?? ''} (eventTime)`)
  const seconds = event.firstTimestamp ?? event.deprecatedFirstTimestamp ?? event.metadata.creationTimestamp
  return seconds ? secondStamp(timestampMs(seconds), clock, `event ${event.reason ?? ''} (firstTimestamp)`) : undefined
}

export function involved(event: EventObject): NonNullable<EventObject['involvedObject']> {
  return event.involvedObject ?? event.regarding ?? {}
}

export function eventMessage(event: EventObject): string {
  return event.message ?? event.note ?? ''
}
