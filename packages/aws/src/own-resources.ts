import {
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DisableFastSnapshotRestoresCommand,
  paginateDescribeFastSnapshotRestores,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  TerminateInstancesCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2'
import { ServiceError } from '@prebake/kernel'
import type { Deletion, FastRestore, OwnResources, OwnSnapshot } from '@prebake/prune'
import { tagKeys } from '@prebake/snapshot-record'
import { call, callPages, onErrorCode, requireField } from './call.ts'
import type { Clients } from './clients.ts'
import type { AwsErrorCode } from './error-codes.ts'
import { snapshotRecord } from './snapshot-record.ts'
import { fromTagList } from './tags.ts'

const ours = { Name: 'tag-key', Values: [tagKeys.run] }
const restoring = ['enabling', 'optimizing', 'enabled']

/** What of the account carries the project's tag. Listings are pages of up to 1,000. */
export function createOwnResources({ ec2 }: Pick<Clients, 'ec2'>): OwnResources {
  return {
    async snapshots(signal) {
      const input = { OwnerIds: ['self'], Filters: [ours] }
      const pages = await callPages('ec2:DescribeSnapshots', signal, (options) =>
        paginateDescribeSnapshots({ client: ec2, pageSize: 1000 }, input, options),
      )
      return pages.flatMap((page) => page.Snapshots ?? []).map(ownSnapshot)
    },
    async builders(signal) {
      const input = { Filters: [ours, { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }] }
      const pages = await callPages('ec2:DescribeInstances', signal, (options) =>
        paginateDescribeInstances({ client: ec2, pageSize: 1000 }, input, options),
      )
      const instances = pages.flatMap((page) => page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? [])
      return instances.map(({ InstanceId, Tags }) => ({
        instanceId: requireField(InstanceId, 'DescribeInstances', 'instance ID'),
        tags: fromTagList(Tags),
      }))
    },
    async looseVolumes(signal) {
      const input = { Filters: [ours, { Name: 'status', Values: ['available'] }] }
      const pages = await callPages('ec2:DescribeVolumes', signal, (options) =>
        paginateDescribeVolumes({ client: ec2, pageSize: 500 }, input, options),
      )
      return pages
        .flatMap((page) => page.Volumes ?? [])
        .map(({ VolumeId, Size, Tags }) => ({
          volumeId: requireField(VolumeId, 'DescribeVolumes', 'volume ID'),
          sizeGiB: Size ?? 0,
          tags: fromTagList(Tags),
        }))
    },
    async fastRestores(signal) {
      const input = { Filters: [{ Name: 'state', Values: restoring }] }
      const pages = await callPages('ec2:DescribeFastSnapshotRestores', signal, (options) =>
        paginateDescribeFastSnapshotRestores({ client: ec2, pageSize: 200 }, input, options),
      )
      return pages
        .flatMap((page) => page.FastSnapshotRestores ?? [])
        .map(({ SnapshotId, AvailabilityZone, AvailabilityZoneId }) => ({
          snapshotId: requireField(SnapshotId, 'DescribeFastSnapshotRestores', 'snapshot ID'),
          zone: requireField(AvailabilityZone ?? AvailabilityZoneId, 'DescribeFastSnapshotRestores', 'zone'),
        }))
    },
    async deleteSnapshot(snapshotId, signal): Promise<Deletion> {
      try {
        await call('ec2:DeleteSnapshot', signal, (options) => ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId }), options))
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        if (error.code === 'InvalidSnapshot.InUse') return { outcome: 'in-use', reason: error.message }
        if (error.code !== 'InvalidSnapshot.NotFound') throw error
      }
      return { outcome: 'deleted' }
    },
    async deleteVolume(volumeId, signal) {
      const command = new DeleteVolumeCommand({ VolumeId: volumeId })
      await call('ec2:DeleteVolume', signal, (options) => ec2.send(command, options)).catch(
        onErrorCode(['InvalidVolume.NotFound'], undefined),
      )
    },
    async terminateBuilder(instanceId, signal) {
      const command = new TerminateInstancesCommand({ InstanceIds: [instanceId] })
      await call('ec2:TerminateInstances', signal, (options) => ec2.send(command, options)).catch(
        onErrorCode(['InvalidInstanceID.NotFound'], undefined),
      )
    },
    async disableFastRestore({ snapshotId, zone }: FastRestore, signal) {
      const command = new DisableFastSnapshotRestoresCommand({ SourceSnapshotIds: [snapshotId], AvailabilityZones: [zone] })
      const answer = await call('ec2:DisableFastSnapshotRestores', signal, (options) => ec2.send(command, options))
      // A refusal is part of an answer with the status 200.
      const error = answer.Unsuccessful?.[0]?.FastSnapshotRestoreStateErrors?.[0]?.Error
      if (error === undefined) return
      const code = 'aws-request-failed' satisfies AwsErrorCode
      const details = {
        operation: 'DisableFastSnapshotRestores',
        code: error.Code ?? 'unknown',
        message: error.Message ?? 'no reason given',
      }
      throw new ServiceError(details, { code })
    },
  }
}

function ownSnapshot(snapshot: Snapshot): OwnSnapshot {
  const { snapshotId, state, startedAt, volumeSizeGiB, tags } = snapshotRecord(snapshot)
  // EBS says it of completed snapshots; 0 while it does not know.
  const bytes = snapshot.FullSnapshotSizeInBytes
  return { snapshotId, state, startedAt, volumeSizeGiB, storedGiB: bytes ? bytes / 2 ** 30 : undefined, tags }
}
