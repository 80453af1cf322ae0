import { test } from '@jest/globals'
import { systemClock, waitFor, type Poll } from '@prebake/kernel'
import type { AwsConnection } from '../src/index.ts'

/** An account that the contract suites run in: the simulator's, moto's, or a real one. */
export interface World {
  readonly aws: AwsConnection
  /** How much faster than the world its time runs. */
  readonly rate: number
  /** A cluster version and a Bottlerocket release that have an image. */
  readonly kubernetesVersion: string
  readonly bottlerocketVersion: string
  readonly instanceProfile: string
  readonly close: () => Promise<void>
}

/** What a service leaves out; the suites skip what hangs on it. */
export interface Gaps {
  /** Repeats a launch whose token it has seen. */
  readonly tokens?: true
  /** Takes any image, type and profile. */
  readonly checks?: true
  /** Runs no commands. */
  readonly commands?: true
  /** Cannot end an instance twice. */
  readonly endings?: true
  /** A snapshot is complete at once. */
  readonly pending?: true
}

/** For a test that waits for several things, in real milliseconds. */
export const patienceMs = 30_000

/** Looks until something has come about, for at most ten minutes of the world's time. */
export function eventually<T>(world: World, awaited: string, poll: (signal: AbortSignal) => Promise<Poll<T>>): Promise<T> {
  return waitFor({
    awaited,
    poll,
    everyMs: 0.02 * world.rate * 1000,
    limitMs: Math.max(600_000, 10_000 * world.rate),
    clock: systemClock(world.rate),
    signal: new AbortController().signal,
  })
}

/** A test that is skipped, and shown as such, where the service has this gap. */
export const unless = (gap: true | undefined) => (gap ? test.skip : test)
