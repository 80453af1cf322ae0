import type { Prices } from '@prebake/prices'
import { breakEven, type BreakEven } from './break-even.ts'
import { costsOf, type Costs } from './costs.ts'
import { findCheapest } from './find-cheapest.ts'
import { limitsOf } from './limits.ts'
import { nextSteps, type NextStep } from './next-steps.ts'
import { expectedSeconds, predictStart, type Prediction } from './predict-start.ts'
import type { Setting, StartupSetup } from './startup-setup.ts'

export interface PlanRequest {
  readonly setup: StartupSetup
  readonly setting: Setting
  /** Undefined: only predict. */
  readonly targetSeconds: number | undefined
  readonly prices: Prices
  /** Whether the snapshot is there, so that what is baked is not searched for. */
  readonly isBaked?: boolean
}

/** A setting with what it gives and costs. */
export interface PlannedSetting {
  readonly setting: Setting
  readonly prediction: Prediction
  readonly costs: Costs
}

export interface Plan {
  readonly request: PlanRequest
  readonly given: PlannedSetting
  /** Why EBS would refuse the given setting. */
  readonly refused: readonly string[]
  readonly steps: readonly NextStep[]
  readonly breakEven: BreakEven
  /** Undefined without a target. */
  readonly search:
    | {
        readonly tried: number
        readonly cheapest: PlannedSetting | undefined
        readonly fastest: PlannedSetting
        readonly missing: readonly string[]
      }
    | undefined
}

/** Predicts the given setting, what each change would gain and cost, and the cheapest one that meets the target, or why none does. */
export function planStartup(request: PlanRequest): Plan {
  const { setup, setting, targetSeconds, prices, isBaked = false } = request
  const planned = (one: Setting): PlannedSetting => {
    const prediction = predictStart(setup, one)
    return { setting: one, prediction, costs: costsOf(setup, one, prediction.podSeconds.expected, prices) }
  }
  const base = {
    request,
    given: planned(setting),
    refused: limitsOf(setup, setting).refused,
    steps: nextSteps(setup, setting, prices),
    breakEven: breakEven(setup, setting, prices),
  }
  if (targetSeconds === undefined) return { ...base, search: undefined }
  const { cheapest, fastest, tried } = findCheapest(setup, { ...setting, ...(isBaked && { bakes: [setting.bake] }) }, targetSeconds, prices)
  const best = planned(fastest)
  return {
    ...base,
    search: {
      tried,
      cheapest: cheapest && planned(cheapest),
      fastest: best,
      missing: cheapest === undefined ? whatWouldHaveToChange(setup, best, targetSeconds) : [],
    },
  }
}

/** Where the fastest setting still spends its time: what no setting of a volume changes. */
function whatWouldHaveToChange(setup: StartupSetup, { prediction, setting }: PlannedSetting, targetSeconds: number): readonly string[] {
  const over = prediction.allSeconds.expected - targetSeconds
  const largest = prediction.phases.toSorted((a, b) => b.seconds.expected - a.seconds.expected).slice(0, 3)
  const lines = largest.map(({ id, seconds, limit }) => `${id} takes ${seconds.expected.toFixed(0)} s (${limit})`)
  const warm = expectedSeconds({ ...setup, newNodes: false }, setting)
  return [
    `the fastest setting misses the target by ${over.toFixed(0)} s`,
    ...lines,
    ...(setup.newNodes ? [`on a node that is already there it would take ${warm.toFixed(0)} s`] : []),
    ...(setting.loader === 'mmap' ? ['weights read in large blocks would help where IOPS limit'] : []),
    ...(setup.compileCache ? [] : ['a filled compile cache']),
    'a smaller or quantized model, or an instance type with a faster CPU or more EBS bandwidth',
  ]
}
