import {
  CreateSnapshotCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DeleteTagsCommand,
  paginateDescribeSnapshots,
  type CreateSnapshotCommandInput,
  type DescribeSnapshotsCommandInput,
  type EC2Client,
} from '@aws-sdk/client-ec2'
import type { SnapshotRecord, Snapshots } from '@prebake/snapshot'
import { call, callPages, onErrorCode } from './call.ts'
import type { Clients } from './clients.ts'
import { snapshotRecord } from './snapshot-record.ts'
import { tagFilters, toTagList } from './tags.ts'

// The last is for an ID without the prefix of one.
export const unknownSnapshot = ['InvalidSnapshot.NotFound', 'InvalidSnapshotID.Malformed', 'InvalidParameterValue']

/** The request that creates a snapshot. */
export function createSnapshotRequest(
  volumeId: string,
  description: string,
  tags: Readonly<Record<string, string>>,
): CreateSnapshotCommandInput {
  return { VolumeId: volumeId, Description: description, TagSpecifications: [{ ResourceType: 'snapshot', Tags: toTagList(tags) }] }
}

/** EBS snapshots of the account. */
export function createSnapshots({ ec2, ec2Once }: Clients): Snapshots {
  return {
    async get(snapshotId, signal) {
      const [found] = await describe(ec2, { SnapshotIds: [snapshotId] }, signal).catch(onErrorCode(unknownSnapshot, []))
      return found
    },
    async find(tags, signal) {
      const found = await describe(ec2, { OwnerIds: ['self'], Filters: tagFilters(tags) }, signal)
      return found.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    },
    async create(volumeId, description, tags, signal) {
      const command = new CreateSnapshotCommand(createSnapshotRequest(volumeId, description, tags))
      return snapshotRecord(await call('ec2:CreateSnapshot', signal, (options) => ec2Once.send(command, options)))
    },
    async tag(snapshotId, tags, signal) {
      const command = new CreateTagsCommand({ Resources: [snapshotId], Tags: toTagList(tags) })
      await call('ec2:CreateTags', signal, (options) => ec2.send(command, options))
    },
    async untag(snapshotId, keys, signal) {
      // Without any tag, EC2 would remove all of them.
      if (keys.length === 0) return
      const command = new DeleteTagsCommand({ Resources: [snapshotId], Tags: keys.map((Key) => ({ Key })) })
      await call('ec2:DeleteTags', signal, (options) => ec2.send(command, options))
    },
    async delete(snapshotId, signal) {
      const command = new DeleteSnapshotCommand({ SnapshotId: snapshotId })
      await call('ec2:DeleteSnapshot', signal, (options) => ec2.send(command, options)).catch(
        onErrorCode(['InvalidSnapshot.NotFound'], undefined),
      )
    },
  }
}

async function describe(ec2: EC2Client, input: DescribeSnapshotsCommandInput, signal: AbortSignal): Promise<SnapshotRecord[]> {
  const pages = await callPages('ec2:DescribeSnapshots', signal, (options) => paginateDescribeSnapshots({ client: ec2 }, input, options))
  return pages.flatMap((page) => page.Snapshots ?? []).map(snapshotRecord)
}
