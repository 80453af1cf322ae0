import { isRejected, tagKeys } from '@prebake/snapshot-record'
import type { Snapshots } from './ports/snapshots.ts'

/** Marks a snapshot that a rollout has found to be broken: it is neither reused by a build nor published or rolled out as the latest again. */
export async function rejectSnapshot(
  snapshotId: string,
  reason: string,
  { snapshots }: { readonly snapshots: Pick<Snapshots, 'tag'> },
  signal: AbortSignal,
): Promise<void> {
  await snapshots.tag(snapshotId, { [tagKeys.rejected]: reason.slice(0, 256) }, signal)
}

/** Takes a rejection back. @returns the reason that it had; undefined where there is no such snapshot, or it was not rejected. */
export async function clearRejection(
  snapshotId: string,
  { snapshots }: { readonly snapshots: Pick<Snapshots, 'get' | 'untag'> },
  signal: AbortSignal,
): Promise<string | undefined> {
  const found = await snapshots.get(snapshotId, signal)
  if (found === undefined || !isRejected(found.tags)) return undefined
  await snapshots.untag(snapshotId, [tagKeys.rejected], signal)
  return found.tags[tagKeys.rejected]
}
