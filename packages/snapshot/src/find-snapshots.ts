import type { BuildPorts } from './build-request.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import { isRejected, isVerified, tagKeys, type VerifiedLevel } from './tags.ts'

export interface Found {
  /** The newest that is completed, verified as strictly as was asked, and not rejected. */
  readonly reusable: SnapshotRecord | undefined
  /**
   * The oldest that lacks that verdict: another run is about to finish it, was lost before it could, or asked for less. One that failed its check is not
   * among them.
   */
  readonly unfinished: SnapshotRecord | undefined
}

/** Looks for snapshots of this fingerprint, checked at least at `level`. */
export async function findSnapshots(
  fingerprint: string,
  level: VerifiedLevel,
  { snapshots }: Pick<BuildPorts, 'snapshots'>,
  signal: AbortSignal,
): Promise<Found> {
  const found = (await snapshots.find({ [tagKeys.fingerprint]: fingerprint }, signal)).filter(({ tags }) => !isRejected(tags))
  return {
    reusable: found.find(({ state, tags }) => state === 'completed' && isVerified(tags, level)),
    unfinished: found.findLast(
      ({ state, tags }) =>
        (state === 'pending' || state === 'completed') && tags[tagKeys.verified] !== 'failed' && !isVerified(tags, level),
    ),
  }
}
