import { tagKeys } from '@prebake/snapshot-record'
import type { Snapshots } from './ports/snapshots.ts'

/** Marks a snapshot whose rollout failed, so that it is not reused by a build, published, or rolled out as the latest again. */
export async function rejectSnapshot(
  snapshotId: string,
  reason: string,
  { snapshots }: { readonly snapshots: Pick<Snapshots, 'tag'> },
  signal: AbortSignal,
): Promise<void> {
  await snapshots.tag(snapshotId, { [tagKeys.rejected]: reason.slice(0, 256) }, signal)
}
