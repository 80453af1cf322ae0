import {
  DescribeSnapshotsCommand,
  paginateDescribeFastSnapshotRestores,
  type EC2Client,
  type FastSnapshotRestoreStateCode,
} from '@aws-sdk/client-ec2'
import { ServiceError } from '@prebake/kernel'
import type { Fact, SnapshotFacts } from '@prebake/preflight'
import { readRecord } from '@prebake/snapshot-record'
import { call, callPages, onErrorCode } from './call.ts'
import type { Clients } from './clients.ts'
import { snapshotRecord } from './snapshot-record.ts'
import { unknownSnapshot } from './snapshots.ts'

/** What the preflight needs to know of a snapshot in one region. If the caller may not read KMS or Fast Snapshot Restore, that becomes a fact too. */
export function createSnapshotFacts({ ec2, kms }: Pick<Clients, 'ec2' | 'kms'>, region: string): SnapshotFacts {
  return {
    region,
    async describe(snapshotId, signal) {
      const command = new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] })
      const answer = await call('ec2:DescribeSnapshots', signal, (options) => ec2.send(command, options)).catch(
        onErrorCode(unknownSnapshot, undefined),
      )
      const found = answer?.Snapshots?.[0]
      if (found === undefined) return undefined
      const { state, progress, volumeSizeGiB, tags } = snapshotRecord(found)
      const encrypted = found.Encrypted === true
      const [keyState, fastRestoreZones] = await Promise.all([
        encrypted ? describeKey(kms, found.KmsKeyId ?? '', signal) : { value: undefined },
        restoreZones(ec2, snapshotId, signal),
      ])
      return { snapshotId, region, state, progress, volumeSizeGiB, encrypted, keyState, fastRestoreZones, baked: readRecord(tags) }
    },
  }
}

/** The key's state as KMS names it; undefined if there is no such key. */
function describeKey(kms: Clients['kms'], keyId: string, signal: AbortSignal): Promise<Fact<string | undefined>> {
  return checked(signal, async () => {
    const [client, { DescribeKeyCommand }] = await Promise.all([kms(), import('@aws-sdk/client-kms')])
    const answer = await call('kms:DescribeKey', signal, (options) => client.send(new DescribeKeyCommand({ KeyId: keyId }), options)).catch(
      onErrorCode(['NotFoundException'], undefined),
    )
    return answer?.KeyMetadata?.KeyState
  })
}

/** States of an enabled restore, or one being enabled; the others are `disabling` and `disabled`. */
const restoring: readonly (FastSnapshotRestoreStateCode | undefined)[] = ['enabling', 'optimizing', 'enabled']

function restoreZones(ec2: EC2Client, snapshotId: string, signal: AbortSignal): Promise<Fact<readonly string[]>> {
  return checked(signal, async () => {
    const input = { Filters: [{ Name: 'snapshot-id', Values: [snapshotId] }] }
    const pages = await callPages('ec2:DescribeFastSnapshotRestores', signal, (options) =>
      paginateDescribeFastSnapshotRestores({ client: ec2 }, input, options),
    )
    const restores = pages.flatMap((page) => page.FastSnapshotRestores ?? [])
    return restores.flatMap(({ State, AvailabilityZone }) => (restoring.includes(State) ? (AvailabilityZone ?? []) : []))
  })
}

async function checked<T>(signal: AbortSignal, read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await read() }
  } catch (error) {
    if (signal.aborted || !(error instanceof ServiceError)) throw error
    return { unchecked: error.message.replace(/\.$/, '') }
  }
}
