import { ServiceError, waitFor } from '@prebake/kernel'
import type { BuildPorts } from './build-request.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import { tagKeys } from './tags.ts'

/** How long a snapshot that was taken may stay unlisted. */
const settleMs = 30_000

/**
 * CreateSnapshot has no idempotency token: when its answer is lost, it is looked for by the run's tag before anything else is done (facts A4).
 * A refusal (4xx) is final; any other failure may have taken effect.
 */
export async function createSnapshotOnce(
  volumeId: string,
  description: string,
  tags: Readonly<Record<string, string>>,
  { snapshots, clock }: Pick<BuildPorts, 'snapshots' | 'clock'>,
  signal: AbortSignal,
): Promise<SnapshotRecord> {
  try {
    return await snapshots.create(volumeId, description, tags, signal)
  } catch (error) {
    if (signal.aborted || (error instanceof ServiceError && error.status !== undefined && error.status < 500)) throw error
    const run = tags[tagKeys.run] ?? ''
    const lookAgain = async () => {
      const taken = await snapshots.find({ [tagKeys.run]: run }, signal)
      const oldest = taken.at(-1)
      return oldest === undefined ? { state: 'none listed' } : { value: oldest }
    }
    try {
      return await waitFor({ awaited: 'a snapshot of this run', look: lookAgain, limitMs: settleMs, everyMs: 5000, clock, signal })
    } catch {
      throw error
    }
  }
}
