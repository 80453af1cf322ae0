import { PrebakeError } from '@prebake/kernel'
import type { BuildPorts } from './build-request.ts'
import { tagKeys } from './tags.ts'

/** Describe lags behind Run and Create: an empty first answer proves nothing (facts A3). */
const searchMs = 60_000

export interface CleanUp {
  readonly terminated: readonly string[]
  readonly deleted: readonly string[]
  /** What could not be done until the end, each in one message. */
  readonly problem: PrebakeError | undefined
}

/**
 * Ends what a run has left: every instance with its tag, and every snapshot of it without a verdict. Safe to repeat. What fails is tried again for a
 * minute, and keeps nothing else from being ended.
 * @param finished whether the build came to its end, which leaves nothing to search for but what it kept.
 */
export async function cleanUpBuild(
  runToken: string,
  finished: boolean,
  { builders, snapshots, clock }: Pick<BuildPorts, 'builders' | 'snapshots' | 'clock'>,
  signal: AbortSignal,
): Promise<CleanUp> {
  const terminated = new Set<string>()
  const deleted = new Set<string>()
  const failed = new Map<string, unknown>()
  const run = { [tagKeys.run]: runToken }
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await work()
      failed.delete(what)
      return result
    } catch (error) {
      if (signal.aborted) throw error
      failed.set(what, error)
      return undefined
    }
  }
  const pass = async () => {
    for (const { instanceId, state } of (await attempt('Look for instances of this run', () => builders.find(run, signal))) ?? []) {
      if (state === 'terminated' || state === 'shutting-down') continue
      await attempt(`Terminate ${instanceId}`, () => builders.terminate(instanceId, signal).then(() => terminated.add(instanceId)))
    }
    if (finished) return
    for (const { snapshotId, tags } of (await attempt('Look for snapshots of this run', () => snapshots.find(run, signal))) ?? []) {
      if (tags[tagKeys.verified] !== undefined || deleted.has(snapshotId)) continue
      await attempt(`Delete ${snapshotId}`, () => snapshots.delete(snapshotId, signal).then(() => deleted.add(snapshotId)))
    }
  }
  const until = clock.now().getTime() + searchMs
  for (;;) {
    await pass()
    if ((finished && failed.size === 0) || clock.now().getTime() >= until) break
    await clock.sleep(5000, signal)
  }
  return { terminated: [...terminated], deleted: [...deleted], problem: asOne(failed) }
}

function asOne(failed: ReadonlyMap<string, unknown>): PrebakeError | undefined {
  if (failed.size === 0) return undefined
  const messages = [...failed].map(([what, error]) => `${what}: ${(error as Error).message}`)
  const hints = [...failed.values()].flatMap((error) => (error instanceof PrebakeError && error.hint !== undefined ? [error.hint] : []))
  return new PrebakeError(messages.join('\n'), {
    hint: [...new Set(hints), 'What is named here is still there: end it yourself.'].join(' '),
    cause: failed.values().next().value,
  })
}
