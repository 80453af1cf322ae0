import { InputError } from '@prebake/kernel'
import { isRejected, tagKeys, type VerifiedLevel } from '@prebake/snapshot-record'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { SnapshotRecord, Snapshots } from './ports/snapshots.ts'

const levels: readonly VerifiedLevel[] = ['quick', 'full']

/**
 * The newest snapshot that may be rolled out: completed, verified, and not rejected by a failed rollout.
 * @param tags further tags that it must have
 * @throws InputError naming `snapshot-id` if there is none
 */
export async function latestSnapshot(
  tags: Readonly<Record<string, string>>,
  { snapshots }: { readonly snapshots: Pick<Snapshots, 'find'> },
  signal: AbortSignal,
): Promise<SnapshotRecord> {
  const found = await Promise.all(levels.map((level) => snapshots.find({ ...tags, [tagKeys.verified]: level }, signal)))
  const [newest] = found
    .flat()
    .filter((snapshot) => snapshot.state === 'completed' && !isRejected(snapshot.tags))
    .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
  if (newest !== undefined) return newest
  const asked = Object.entries(tags).map(([key, value]) => `\`${key}=${value}\``)
  const having = asked.length === 0 ? '' : ` with ${asked.join(' and ')}`
  throw new InputError([
    {
      code: 'latest-snapshot-missing' satisfies SnapshotErrorCode,
      input: 'snapshot-id',
      wrong: `\`latest\`: this account has no snapshot${having} in this region that is completed, verified and not rejected.`,
      remedy: 'Run build-snapshot, or check `aws-region` and `snapshot-tags`.',
    },
  ])
}
