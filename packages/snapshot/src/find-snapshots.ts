import type { BuildPorts } from './build-request.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import { isRejected, isVerified, tagKeys } from './tags.ts'

export interface Found {
  /** The newest that is completed, verified and not rejected. */
  readonly reusable: SnapshotRecord | undefined
  /** The oldest without a verdict: another run is about to finish it, or was lost before it could. */
  readonly unfinished: SnapshotRecord | undefined
}

/** Looks for snapshots of this fingerprint. */
export async function findSnapshots(
  fingerprint: string,
  { snapshots }: Pick<BuildPorts, 'snapshots'>,
  signal: AbortSignal,
): Promise<Found> {
  const found = (await snapshots.find({ [tagKeys.fingerprint]: fingerprint }, signal)).filter(({ tags }) => !isRejected(tags))
  return {
    reusable: found.find(({ state, tags }) => state === 'completed' && isVerified(tags)),
    unfinished: found.findLast(({ state, tags }) => (state === 'pending' || state === 'completed') && tags[tagKeys.verified] === undefined),
  }
}
