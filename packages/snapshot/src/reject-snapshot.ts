import { tagKeys } from '@prebake/snapshot-record'
import type { Snapshots } from './ports/snapshots.ts'

/** Marks a snapshot whose rollout failed: it is neither reused by a build nor published or rolled out as the latest again. */
export async function rejectSnapshot(
  snapshotId: string,
  reason: string,
  { snapshots }: { readonly snapshots: Pick<Snapshots, 'tag'> },
  signal: AbortSignal,
): Promise<void> {
  await snapshots.tag(snapshotId, { [tagKeys.rejected]: reason.slice(0, 256) }, signal)
}
