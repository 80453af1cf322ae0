import type { SimulatedClock } from '../core/world.ts'
import type { Timing } from '../timings.ts'
import type { Access } from './access.ts'
import type { HostSandbox, HostSandboxOptions } from './host.ts'
import type { Store } from './store.ts'

/** What keeps an instance alive: its sandbox, and how far it has come. */
export interface Machine {
  /** There from `running` until the processes end. */
  sandbox: Promise<HostSandbox> | undefined
  /** The data volume's content after the processes have ended: a folder. */
  atRest: Promise<string> | undefined
  /** A copy of the running data volume that is being made: the sandbox must outlive it. */
  copying: Promise<void> | undefined
  /** The end of its processes, once that has begun. */
  ending: Promise<void> | undefined
  agentOnline: boolean
  /** It will not come online any more. */
  agentLost: boolean
  /** When its agent last reported, if it ever did. */
  agentSeen: Date | undefined
  adminReady: boolean
}

/** Everything that the handlers of one simulated account share. */
export interface Cloud {
  readonly clock: SimulatedClock
  readonly random: () => number
  readonly store: Store
  readonly access: Access
  readonly machines: Map<string, Machine>
  /** Content of each snapshot of a data volume: a folder. */
  readonly contents: Map<string, string>
  /** Where sandboxes, volumes and snapshots lie on disk. */
  readonly folder: string
  /** Simulated seconds until what was just created shows in Describe calls. */
  readonly describeLagSeconds: number
  readonly createSandbox: (options: HostSandboxOptions) => Promise<HostSandbox>
  /** Set once the simulation ends: what still sleeps then does nothing more. */
  closed: boolean
}

/** `count` random hex digits. */
export const hexDigits = (random: () => number, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('')

/** An ID as EC2 forms it: `i-0…`, 17 hex digits. */
export const newId = (cloud: Cloud, prefix: string): string => `${prefix}-0${hexDigits(cloud.random, 16)}`

/** A UUID that the seed makes repeatable. */
export function newUuid(random: () => number): string {
  const digits = hexDigits(random, 30)
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(12, 15)}-a${digits.slice(15, 18)}-${digits.slice(18, 30)}`
}

/** The timing's seconds, give or take a tenth. */
export const jittered = (cloud: Cloud, timing: Timing): number => timing.seconds * (0.9 + 0.2 * cloud.random())

/** Whether something created at `time` shows in Describe calls yet. */
export const isVisible = (cloud: Cloud, time: Date): boolean =>
  cloud.clock.now().getTime() - time.getTime() >= cloud.describeLagSeconds * 1000
