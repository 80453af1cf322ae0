import { isRejected, isVerified, tagKeys } from '@prebake/snapshot-record'
import type { OwnSnapshot } from './ports/own-resources.ts'

/** What snapshots replace each other: those of one model (or of images alone) for one architecture. */
export const groupOf = ({ tags }: Pick<OwnSnapshot, 'tags'>): string => `${tags[tagKeys.model] ?? ''} ${tags[tagKeys.architecture] ?? ''}`

/** Whether it may be rolled out, or verified and then rolled out. */
export function isUsable({ state, tags }: Pick<OwnSnapshot, 'state' | 'tags'>): boolean {
  return state === 'completed' && tags[tagKeys.verified] !== 'failed' && !isRejected(tags)
}

/**
 * The place of each usable snapshot in its group, from 0. Verified ones come first, so that a series of unverified ones never pushes out the one that
 * works; then the newest.
 */
export function rankSnapshots(snapshots: readonly OwnSnapshot[]): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>()
  const groups = Map.groupBy(snapshots.filter(isUsable), groupOf)
  for (const group of groups.values()) {
    const ordered = group.toSorted(
      (a, b) => Number(isVerified(b.tags)) - Number(isVerified(a.tags)) || b.startedAt.getTime() - a.startedAt.getTime(),
    )
    for (const [rank, { snapshotId }] of ordered.entries()) ranks.set(snapshotId, rank)
  }
  return ranks
}
