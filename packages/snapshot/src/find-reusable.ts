import type { BuildPorts } from './build-request.ts'
import type { SnapshotRecord } from './ports/snapshots.ts'
import { isRejected, isVerified, tagKeys } from './tags.ts'

/** The newest snapshot of this fingerprint that is completed, verified and not rejected. */
export async function findReusable(
  fingerprint: string,
  { snapshots }: Pick<BuildPorts, 'snapshots'>,
  signal: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  const candidates = await snapshots.find({ [tagKeys.fingerprint]: fingerprint }, signal)
  return candidates.find(({ state, tags }) => state === 'completed' && isVerified(tags) && !isRejected(tags))
}
