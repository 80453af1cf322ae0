import { cpuFactorOf, type Setting, type StartupSetup } from '@prebake/planner'
import { instanceTypeTable } from '@prebake/preflight'
import { listPrices, pricesOf, type Prices } from '@prebake/prices'
import { dollarsPerHour } from '@prebake/rollout'

/** What the inputs say of a start, as texts where they are numbers with fractions. */
export interface GivenPlan {
  readonly instanceType: string
  readonly ebsBandwidthMbps: number | undefined
  readonly cpuFactor: string | undefined
  readonly parametersBillions: string | undefined
  readonly imageGb: string
  readonly bake: Setting['bake']
  readonly imagePull: Setting['pull']
  readonly hydration: string
  readonly volumeSize: number
  readonly volumeThroughput: number
  readonly volumeIops: number
  readonly loader: Setting['loader']
  readonly compileCache: boolean
  readonly newNodes: boolean
  readonly probePeriodSeconds: number
  readonly probeInitialDelaySeconds: number
  readonly replicas: number
  readonly zones: number
  readonly startsPerDay: string
  readonly nodeHours: string
  readonly prices: Readonly<Record<string, string>>
}

/** Compressed layers of vLLM's own image, in GB. */
export const usualImageGb = '9.4'

/** An unpacked image beside its compressed layers, which are kept too (docs/planning.md). */
export const storedPerImageGB = 1 + 2.1

/** Of a measured start: what is left is the spread from one run to the next. */
const measuredSpread = 0.15

/** What is given, with the sizes. @param modelGB in 10⁹ bytes */
export function setupOf(given: GivenPlan, modelGB: number): StartupSetup {
  const { instanceType, ebsBandwidthMbps, cpuFactor } = given
  const known = instanceTypeTable.find(({ name }) => name === instanceType)
  const factor = Number(cpuFactor)
  return {
    modelGB,
    parametersBillions: given.parametersBillions === undefined ? modelGB / 2 : Number(given.parametersBillions),
    imageGB: Number(given.imageGb),
    volumeGiB: given.volumeSize,
    instanceType,
    // 8 Mbit/s are 1 MB/s.
    ebsMBps: (ebsBandwidthMbps ?? known?.ebsMbps ?? 0) / 8,
    cpuFactor:
      cpuFactor === undefined
        ? cpuFactorOf(instanceType)
        : { best: factor * (1 - measuredSpread), expected: factor, worst: factor * (1 + measuredSpread) },
    newNodes: given.newNodes,
    compileCache: given.compileCache,
    probePeriodSeconds: given.probePeriodSeconds,
    probeInitialDelaySeconds: given.probeInitialDelaySeconds,
    replicas: given.replicas,
    zones: given.zones,
    startsPerDay: Number(given.startsPerDay),
    nodeHours: Number(given.nodeHours),
  }
}

export function settingOf(given: GivenPlan): Setting {
  const { bake, imagePull: pull, hydration, volumeIops: iops, volumeThroughput: throughputMiBps, loader } = given
  const kind =
    hydration === 'lazy' || hydration === 'fast-restore'
      ? ({ kind: hydration } as const)
      : ({ kind: 'rate', mibps: Number(hydration) } as const)
  // Without a snapshot there is nothing to initialize.
  return { bake, pull, hydration: bake === 'none' ? { kind: 'lazy' } : kind, iops, throughputMiBps, loader }
}

/** List prices with that of the instance type, and what the input says instead. */
export function planPrices({ prices, instanceType }: Pick<GivenPlan, 'prices' | 'instanceType'>): Prices {
  const hourly = dollarsPerHour(instanceType) ?? listPrices['instance-hour']
  return {
    ...pricesOf({}),
    'instance-hour': hourly,
    ...Object.fromEntries(Object.entries(prices).map(([name, dollars]) => [name, Number(dollars)])),
  }
}
