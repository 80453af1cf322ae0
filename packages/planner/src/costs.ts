import { hoursPerMonth, snapshotMonthlyDollars, volumeMonthlyDollars, type Prices } from '@prebake/prices'
import { coefficients } from './coefficients.ts'
import { bakesImage, bakesModel, type Setting, type StartupSetup } from './startup-setup.ts'

const daysPerMonth = hoursPerMonth / 24
const GiBperGB = 1e9 / 2 ** 30

export interface Costs {
  /** The snapshot, and Fast Snapshot Restore in all zones, whether anything starts or not. */
  readonly fixedMonthly: number
  /** Initialization of the volume, and what it costs while the node lives beyond a gp3 volume of the same size as it is without settings. */
  readonly perStart: number
  /** The instance while it waits for the pod to be Ready. */
  readonly waitPerStart: number
  readonly monthly: number
}

/**
 * What a setting costs in dollars beyond an empty gp3 volume of 125 MiB/s and 3,000 IOPS, which a node has in any case.
 * @param seconds until a pod is Ready
 */
export function costsOf(setup: StartupSetup, setting: Setting, seconds: number, prices: Prices): Costs {
  const storedGiB = snapshotGB(setup, setting) * GiBperGB
  const restore = setting.hydration.kind === 'fast-restore' ? setup.zones * hoursPerMonth * prices['fast-restore-zone-hour'] : 0
  const fixedMonthly = snapshotMonthlyDollars(storedGiB, prices) + restore
  const initialization = setting.hydration.kind === 'rate' ? storedGiB * setting.hydration.mibps * prices['initialization-gib-mibps'] : 0
  const plain = { sizeGiB: setup.volumeGiB, iops: 3000, throughputMiBps: 125 }
  const extra = volumeMonthlyDollars({ ...plain, iops: setting.iops, throughputMiBps: setting.throughputMiBps }, prices)
  const performance = ((extra - volumeMonthlyDollars(plain, prices)) * setup.nodeHours) / hoursPerMonth
  const perStart = setup.newNodes ? initialization + performance : 0
  const waitPerStart = (seconds / 3600) * prices['instance-hour']
  const monthly = fixedMonthly + (perStart + waitPerStart) * setup.startsPerDay * daysPerMonth
  return { fixedMonthly, perStart, waitPerStart, monthly }
}

/** What is stored, in 10⁹ bytes: the weights, and of an image its layers and what was unpacked of them. */
export function snapshotGB({ modelGB, imageGB }: StartupSetup, setting: Setting): number {
  const image = bakesImage(setting) ? imageGB * (1 + coefficients.unpacked.expected) : 0
  return (bakesModel(setting) ? modelGB : 0) + image
}
