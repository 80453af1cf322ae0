import { timestampMs } from '../timestamp.ts'
import { secondStamp, shiftStamp, type ClockName, type Stamp } from './mark.ts'
import { trueCondition, type Condition, type History } from './observed-objects.ts'

interface WithConditions {
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/** When a condition last became True. @param offsetMs of the clock that it is written by */
export function conditionStamp<T extends WithConditions>(
  { latest, states }: History<T>,
  type: string,
  clock: ClockName,
  offsetMs: number,
): Stamp | undefined {
  const transition = trueCondition(latest.status?.conditions, type)?.lastTransitionTime
  if (transition === undefined) return undefined
  const first = states.find(({ object }) => trueCondition(object.status?.conditions, type)?.lastTransitionTime === transition)
  return nearReceipt(shiftStamp(secondStamp(timestampMs(transition), clock, `condition ${type}`), offsetMs), first?.receivedAt)
}

/** News takes this long at most, where nothing is wrong. */
const usualLagMs = 250

/**
 * Where the news of a stamp in whole seconds reached the runner within that second, the moment lies nearer to the receipt; where it came a little later, at
 * the second's end.
 */
export function nearReceipt(stamp: Stamp, receivedAt: Date | undefined): Stamp {
  const receivedMs = receivedAt?.getTime() ?? NaN
  return receivedMs >= stamp.earliestMs && receivedMs < stamp.latestMs + usualLagMs
    ? { ...stamp, atMs: Math.min(receivedMs, stamp.latestMs), source: `${stamp.source}, by its receipt` }
    : stamp
}
