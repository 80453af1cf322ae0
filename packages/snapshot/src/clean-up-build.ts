import type { BuildPorts } from './build-request.ts'
import { tagKeys } from './tags.ts'

/** Describe lags behind Run and Create: an empty first answer proves nothing (facts A3). */
const searchMs = 60_000

export interface CleanUp {
  readonly terminated: readonly string[]
  readonly deleted: readonly string[]
}

/**
 * Ends what a run has left: every instance with its tag, and every snapshot of it without a verdict. Safe to repeat.
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
  const run = { [tagKeys.run]: runToken }
  const until = clock.now().getTime() + (finished ? 0 : searchMs)
  for (;;) {
    for (const { instanceId, state } of await builders.find(run, signal)) {
      if (state === 'terminated' || state === 'shutting-down') continue
      await builders.terminate(instanceId, signal)
      terminated.add(instanceId)
    }
    if (!finished) {
      for (const { snapshotId, tags } of await snapshots.find(run, signal)) {
        if (tags[tagKeys.verified] !== undefined || deleted.has(snapshotId)) continue
        await snapshots.delete(snapshotId, signal)
        deleted.add(snapshotId)
      }
    }
    if (clock.now().getTime() >= until) return { terminated: [...terminated], deleted: [...deleted] }
    await clock.sleep(5000, signal)
  }
}
