import type { Prices } from '@prebake/prices'
import { costsOf } from './costs.ts'
import { limitsOf } from './limits.ts'
import { expectedSeconds } from './predict-start.ts'
import type { Bake, Hydration, Setting, StartupSetup } from './startup-setup.ts'

export interface Found {
  /** Undefined: none meets the target. */
  readonly cheapest: Setting | undefined
  readonly fastest: Setting
  readonly tried: number
}

/** What is not searched. */
export interface FixedSettings extends Pick<Setting, 'pull' | 'loader'> {
  /** What may be baked; left out, whatever is best. Of a snapshot that is there, it is what lies in it. */
  readonly bakes?: readonly Bake[]
}

const allBakes: readonly Bake[] = ['none', 'model', 'image', 'both']
const steps = (from: number, to: number, by: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by)

/** Every setting that is searched: what is baked, how the volume fills, throughput in steps of 50 MiB/s, IOPS of 1,000, rates of 20 MiB/s. */
export function* settingGrid(setup: StartupSetup, fixed: FixedSettings): Generator<Setting> {
  for (const bake of fixed.bakes ?? allBakes)
    for (const hydration of hydrationsFor(bake, setup))
      for (const throughputMiBps of [125, ...steps(150, 1000, 50)])
        for (const iops of steps(Math.max(3000, Math.ceil((throughputMiBps * 4) / 1000) * 1000), 8000, 1000)) {
          const setting = { bake, pull: fixed.pull, hydration, iops, throughputMiBps, loader: fixed.loader }
          if (limitsOf(setup, setting).refused.length === 0) yield setting
        }
}

function hydrationsFor(bake: Bake, { newNodes }: StartupSetup): readonly Hydration[] {
  if (bake === 'none' || !newNodes) return [{ kind: 'lazy' }]
  return [{ kind: 'lazy' }, ...steps(100, 300, 20).map((mibps) => ({ kind: 'rate', mibps }) as const), { kind: 'fast-restore' }]
}

/**
 * The cheapest setting a month whose last replica is expected to be Ready by the target; of two at one price the faster one. It looks at every setting of the
 * grid: there is no heuristic that could miss one.
 */
export function findCheapest(setup: StartupSetup, fixed: FixedSettings, targetSeconds: number, prices: Prices): Found {
  let cheapest: Candidate | undefined
  let fastest: Candidate | undefined
  let tried = 0
  for (const setting of settingGrid(setup, fixed)) {
    tried += 1
    const seconds = expectedSeconds(setup, setting)
    const { monthly } = costsOf(setup, setting, seconds, prices)
    const candidate = { setting, seconds, monthly }
    if (fastest === undefined || isBetter([seconds, monthly], [fastest.seconds, fastest.monthly])) fastest = candidate
    if (seconds > targetSeconds) continue
    if (cheapest === undefined || isBetter([monthly, seconds], [cheapest.monthly, cheapest.seconds])) cheapest = candidate
  }
  if (fastest === undefined) throw new RangeError('No setting is within the limits of EBS.')
  return { cheapest: cheapest?.setting, fastest: fastest.setting, tried }
}

interface Candidate {
  readonly setting: Setting
  readonly seconds: number
  readonly monthly: number
}

const isBetter = (one: readonly [number, number], other: readonly [number, number]): boolean =>
  one[0] < other[0] - 1e-9 || (Math.abs(one[0] - other[0]) <= 1e-9 && one[1] < other[1])
