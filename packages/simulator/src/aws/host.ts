import type { SimulatedClock } from '../core/world.ts'

/** What an instance is underneath: a folder that stands for its host, where the commands that SSM brings really run. */
export interface HostSandbox {
  /** The folder that stands for the host's root. */
  readonly root: string
  run(line: string, options: { timeoutMs: number }): Promise<{ exitCode: number; output: string; timedOut: boolean }>
  /** Copies the data volume as it is now into `folder`. */
  copyDataVolume(folder: string): Promise<void>
  /** Restarts the admin container: its processes end, and what it kept in memory is gone. The host's own timers go on. */
  restartAdmin?(): Promise<void>
  /** Ends every process that was started inside, and removes the folder. */
  destroy(): Promise<void>
}

export interface HostSandboxOptions {
  /** Where its temporary root is made. */
  readonly folder: string
  readonly clock: SimulatedClock
  readonly bottlerocketVersion: string
  /** As `ctr version` says it (default 2.1.6). */
  readonly containerdVersion?: string
  /** A folder made by `copyDataVolume`: the data volume is restored from it. */
  readonly fromVolume?: string
  /** Size of the data volume, as `df` says it (default 150); nothing keeps a sandbox from writing more. */
  readonly dataVolumeGiB?: number
  /** Called when the host powers itself off. */
  readonly onPowerOff?: () => void
}
