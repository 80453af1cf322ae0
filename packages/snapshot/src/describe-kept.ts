import type { SnapshotRecord } from './ports/snapshots.ts'

/** EBS snapshots, standard tier, per GiB and month in us-east-1 (EBS pricing page); only blocks that were written count. */
const dollarsPerGiB = 0.05

/** Why an unverified snapshot is kept, what it costs, and how to delete it. */
export function describeKept({ snapshotId, volumeSizeGiB, state }: SnapshotRecord, region: string): string {
  const monthly = (volumeSizeGiB * dollarsPerGiB).toFixed(2)
  return [
    `Kept ${snapshotId} (${state}): it is baked and sealed, but not verified (it has no tag prebake:verified).`,
    'The next build of the same content verifies and uses it.',
    `Until then it costs its storage, at most $${monthly} a month for ${volumeSizeGiB} GiB.`,
    `If you do not need it: aws ec2 delete-snapshot --region ${region} --snapshot-id ${snapshotId}`,
  ].join(' ')
}
