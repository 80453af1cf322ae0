import { PrebakeError, TimeoutError, waitFor } from '@prebake/kernel'
import { tagKeys } from '@prebake/snapshot-record'
import type { BuildPorts } from './build-request.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'

/** How long a new snapshot may stay unlisted. Also longer than EBS's minimum between two snapshots of a volume (15 s). */
const settleMs = 30_000
const creations = 3

type Ports = Pick<BuildPorts, 'snapshots' | 'clock'>

/**
 * CreateSnapshot has no idempotency token. If its outcome is unknown, this searches for the snapshot by the run's tag, and requests it again only if none is
 * listed after half a minute (facts A4). If there are two in the end, the older one is kept.
 */
export async function createSnapshotOnce(
  volumeId: string,
  description: string,
  tags: Readonly<Record<string, string>>,
  { snapshots, clock }: Ports,
  signal: AbortSignal,
): Promise<SnapshotRecord> {
  const run = { [tagKeys.run]: tags[tagKeys.run] ?? '' }
  const oldest = async () => (await snapshots.find(run, signal)).at(-1)
  for (let tries = 1; ; tries++) {
    try {
      const made = await snapshots.create(volumeId, description, tags, signal)
      return tries === 1 ? made : await keepElder(made, (await oldest()) ?? made, snapshots, signal)
    } catch (error) {
      if (signal.aborted || !(error instanceof PrebakeError && error.transient)) throw error
      const taken = await shown(oldest, clock, signal).catch(() => {
        // Whether there is one stays unknown, so no second one may be created.
        throw error
      })
      if (taken !== undefined) return taken
      if (tries === creations) throw error
    }
  }
}

/** Undefined if none is listed in time. @throws the error of the search itself */
async function shown(
  oldest: () => Promise<SnapshotRecord | undefined>,
  clock: Ports['clock'],
  signal: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  const poll = async () => {
    const found = await oldest()
    return found === undefined ? { state: 'none listed' } : { value: found }
  }
  try {
    return await waitFor({ awaited: 'a snapshot of this run', poll, limitMs: settleMs, everyMs: 5000, clock, signal })
  } catch (error) {
    if (error instanceof TimeoutError) return undefined
    throw error
  }
}

async function keepElder(
  made: SnapshotRecord,
  elder: SnapshotRecord,
  snapshots: Ports['snapshots'],
  signal: AbortSignal,
): Promise<SnapshotRecord> {
  if (elder.snapshotId !== made.snapshotId) await snapshots.delete(made.snapshotId, signal)
  return elder
}
