import type { Prices } from '@prebake/prices'
import { costsOf } from './costs.ts'
import { expectedSeconds } from './predict-start.ts'
import type { Setting, StartupSetup } from './startup-setup.ts'

export interface BreakEven {
  /** A start that pulls the image by containerd and downloads the weights. */
  readonly downloadSeconds: number
  readonly savedSecondsPerStart: number
  /** What the GPU waits less, less what the start costs more; may be negative. */
  readonly savedDollarsPerStart: number
  /** Starts a month that pay for what a month costs in any case; undefined where no number of starts does. */
  readonly startsPerMonth: number | undefined
  /** Days of the given number of starts until a month is paid for. */
  readonly days: number | undefined
}

/** When a setting has paid for itself against downloading everything at each start. */
export function breakEven(setup: StartupSetup, setting: Setting, prices: Prices): BreakEven {
  const plain: Setting = {
    bake: 'none',
    pull: 'standard',
    hydration: { kind: 'lazy' },
    iops: 3000,
    throughputMiBps: 125,
    loader: setting.loader,
  }
  const one = { ...setup, replicas: 1 }
  const downloadSeconds = expectedSeconds(one, plain)
  const seconds = expectedSeconds(one, setting)
  const costs = costsOf(setup, setting, seconds, prices)
  const before = costsOf(setup, plain, downloadSeconds, prices)
  const savedDollarsPerStart = before.waitPerStart - costs.waitPerStart - costs.perStart
  const startsPerMonth = savedDollarsPerStart > 0 ? costs.fixedMonthly / savedDollarsPerStart : undefined
  return {
    downloadSeconds,
    savedSecondsPerStart: downloadSeconds - seconds,
    savedDollarsPerStart,
    startsPerMonth,
    days: startsPerMonth === undefined || setup.startsPerDay === 0 ? undefined : startsPerMonth / setup.startsPerDay,
  }
}
