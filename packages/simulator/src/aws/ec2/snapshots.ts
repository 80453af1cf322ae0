import { join } from 'node:path'
import { timings } from '../../timings.ts'
import { accountId } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import { isVisible, jittered, newId, type Cloud } from '../cloud.ts'
import { copyVolume } from '../volume-content.ts'
import type { Snapshot, Volume } from '../store.ts'
import { type QueryParameters, readTagSpecifications, requiredText, text, texts } from './query-parameters.ts'
import { filterBy, pageOf } from './select.ts'
import { date, list, tagSet, type XmlContent } from './xml.ts'

/** How much of a volume is written: believed; model and image fill about a third of the 150 GiB. */
const writtenShare = 0.3

/** How far a snapshot is at `now`; its progress in percent. */
export function snapshotState(
  snapshot: Snapshot,
  now: Date,
): { readonly state: 'pending' | 'completed' | 'error'; readonly progress: number } {
  const start = snapshot.startTime.getTime()
  const share = (now.getTime() - start) / (snapshot.completionTime.getTime() - start)
  if (snapshot.failure !== undefined) return { state: 'error', progress: Math.floor(Math.min(share, 0.99) * 100) }
  return share >= 1 ? { state: 'completed', progress: 100 } : { state: 'pending', progress: Math.floor(share * 100) }
}

/** @throws AwsError InvalidSnapshotID.Malformed, InvalidSnapshot.NotFound. */
export function findSnapshot(cloud: Cloud, snapshotId: string): Snapshot {
  if (!/^snap-([0-9a-f]{8}|[0-9a-f]{17})$/.test(snapshotId)) {
    throw new AwsError('InvalidParameterValue', `Value (${snapshotId}) for parameter snapshotId is invalid. Expected: 'snap-...'.`)
  }
  const snapshot = cloud.store.snapshots.get(snapshotId)
  if (snapshot === undefined) throw new AwsError('InvalidSnapshot.NotFound', `The snapshot '${snapshotId}' does not exist.`)
  return snapshot
}

/** @throws AwsError InvalidVolume.NotFound. */
export function findVolume(cloud: Cloud, volumeId: string): Volume {
  const volume = cloud.store.volumes.get(volumeId)
  if (volume === undefined) throw new AwsError('InvalidVolume.NotFound', `The volume '${volumeId}' does not exist.`)
  return volume
}

/** There is no idempotency token: each call makes a snapshot, of the data as they are now. */
export async function createSnapshot(cloud: Cloud, parameters: QueryParameters): Promise<XmlContent> {
  const volume = findVolume(cloud, requiredText(parameters, 'VolumeId'))
  const tags = readTagSpecifications(parameters, ['snapshot'])
  const snapshotId = newId(cloud, 'snap')
  const startTime = cloud.clock.now()
  const content = await copyVolume(cloud, volume, join(cloud.folder, snapshotId))
  if (content !== undefined) cloud.contents.set(snapshotId, content)
  const snapshot: Snapshot = {
    snapshotId,
    volumeId: volume.volumeId,
    volumeSizeGiB: volume.sizeGiB,
    description: text(parameters, 'Description') ?? '',
    encrypted: volume.encrypted,
    kmsKeyId: volume.kmsKeyId,
    startTime,
    completionTime: new Date(startTime.getTime() + jittered(cloud, timings.snapshot) * 1000),
    tags: tags['snapshot'] ?? {},
  }
  cloud.store.snapshots.set(snapshotId, snapshot)
  // EC2 leaves the progress out of this answer.
  return { ...present(snapshot, startTime), progress: '' }
}

export function describeSnapshots(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const now = cloud.clock.now()
  const ids = texts(parameters, 'SnapshotId')
  if (ids.length > 0 && parameters['MaxResults'] !== undefined) {
    throw new AwsError('InvalidParameterCombination', 'The parameter SnapshotIds cannot be used with the parameter MaxResults')
  }
  const asked = ids.length > 0 ? ids.map((id) => findSnapshot(cloud, id)) : [...cloud.store.snapshots.values()]
  const early = asked.find((snapshot) => !isVisible(cloud, snapshot.startTime))
  if (ids.length > 0 && early) throw new AwsError('InvalidSnapshot.NotFound', `The snapshot '${early.snapshotId}' does not exist.`)
  const owners = texts(parameters, 'Owner')
  const owned = owners.length === 0 || owners.includes('self') || owners.includes(accountId)
  const valuesOf = (snapshot: Snapshot) => {
    const { state, progress } = snapshotState(snapshot, now)
    return {
      'snapshot-id': [snapshot.snapshotId],
      'volume-id': [snapshot.volumeId],
      'volume-size': [String(snapshot.volumeSizeGiB)],
      'owner-id': [accountId],
      'start-time': [date(snapshot.startTime)],
      description: [snapshot.description],
      encrypted: [String(snapshot.encrypted)],
      status: [state],
      progress: [`${progress}%`],
    }
  }
  const visible = owned ? asked.filter((snapshot) => isVisible(cloud, snapshot.startTime)) : []
  const page = pageOf(
    parameters,
    filterBy(parameters, visible, valuesOf, (snapshot) => snapshot.tags),
    { least: 5, most: 1000 },
  )
  return { snapshotSet: list(page.items, (snapshot) => present(snapshot, now)), nextToken: page.nextToken }
}

/** @throws AwsError InvalidSnapshot.InUse for one that a machine image is made of (EC2 API reference, "DeleteSnapshot"). */
export function deleteSnapshot(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const snapshot = findSnapshot(cloud, requiredText(parameters, 'SnapshotId'))
  const image = [...cloud.store.images.values()].find(({ devices }) => devices.some(({ snapshotId }) => snapshotId === snapshot.snapshotId))
  if (image !== undefined) {
    throw new AwsError('InvalidSnapshot.InUse', `The snapshot ${snapshot.snapshotId} is currently in use by ${image.imageId}`)
  }
  cloud.store.snapshots.delete(snapshot.snapshotId)
  return { return: true }
}

function present(snapshot: Snapshot, now: Date): XmlContent {
  const { state, progress } = snapshotState(snapshot, now)
  return {
    snapshotId: snapshot.snapshotId,
    volumeId: snapshot.volumeId,
    status: state,
    statusMessage: snapshot.failure,
    startTime: date(snapshot.startTime),
    completionTime: state === 'completed' ? date(snapshot.completionTime) : undefined,
    progress: `${progress}%`,
    ownerId: accountId,
    volumeSize: snapshot.volumeSizeGiB,
    description: snapshot.description,
    encrypted: snapshot.encrypted,
    kmsKeyId: snapshot.kmsKeyId,
    storageTier: 'standard',
    fullSnapshotSizeInBytes: Math.round(snapshot.volumeSizeGiB * writtenShare * 2 ** 30),
    tagSet: tagSet(snapshot.tags),
  }
}
