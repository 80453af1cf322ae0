import { timestampMs } from '../timestamp.ts'
import { secondStamp, type ClockName, type Stamp } from './mark.ts'
import { trueCondition, type Condition, type History } from './observed-objects.ts'

interface WithConditions {
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/** When a condition last became True. */
export function conditionStamp<T extends WithConditions>(
  { latest, states }: History<T>,
  type: string,
  clock: ClockName,
): Stamp | undefined {
  const transition = trueCondition(latest.status?.conditions, type)?.lastTransitionTime
  if (transition === undefined) return undefined
  const first = states.find(({ object }) => trueCondition(object.status?.conditions, type)?.lastTransitionTime === transition)
  return nearReceipt(secondStamp(timestampMs(transition), clock, `condition ${type}`), first?.receivedAt)
}

/** Where the news of a stamp in whole seconds reached the runner within that second, the moment lies nearer to the receipt. */
export function nearReceipt(stamp: Stamp, receivedAt: Date | undefined): Stamp {
  const receivedMs = receivedAt?.getTime() ?? NaN
  return receivedMs >= stamp.earliestMs && receivedMs < stamp.latestMs
    ? { ...stamp, atMs: receivedMs, source: `${stamp.source}, by its receipt` }
    : stamp
}
