import type { Snapshot } from '@aws-sdk/client-ec2'
import type { SnapshotRecord } from '@prebake/snapshot'
import { requireField } from './call.ts'
import { fromTagList } from './tags.ts'

/** A snapshot as EC2 describes it. */
export function snapshotRecord(snapshot: Snapshot): SnapshotRecord {
  const field = <T>(value: T | undefined, name: string) => requireField(value, 'DescribeSnapshots', name)
  return {
    snapshotId: field(snapshot.SnapshotId, 'snapshot ID'),
    state: field(snapshot.State, 'state'),
    stateMessage: snapshot.StateMessage || undefined,
    // `37%`; empty at first.
    progress: Number.parseInt(snapshot.Progress ?? '', 10) || 0,
    volumeSizeGiB: field(snapshot.VolumeSize, 'volume size'),
    startedAt: field(snapshot.StartTime, 'start time'),
    tags: fromTagList(snapshot.Tags),
  }
}
