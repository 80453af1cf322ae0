import { subnets } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import { isVisible, newId, type Cloud } from '../cloud.ts'
import type { Volume } from '../store.ts'
import { integer, readTagSpecifications, requiredText, text, texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf } from './select.ts'
import { findSnapshot, findVolume } from './snapshots.ts'
import { date, list, tagSet, type XmlContent } from './xml.ts'

/** A volume that no instance has. */
export function createVolume(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const id = text(parameters, 'SnapshotId')
  const snapshot = id === undefined ? undefined : findSnapshot(cloud, id)
  const sizeGiB = integer(parameters, 'Size') ?? snapshot?.volumeSizeGiB
  if (sizeGiB === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter size/snapshot')
  const volume: Volume = {
    volumeId: newId(cloud, 'vol'),
    sizeGiB,
    volumeType: text(parameters, 'VolumeType') ?? 'gp2',
    iops: integer(parameters, 'Iops'),
    throughput: integer(parameters, 'Throughput'),
    snapshotId: snapshot?.snapshotId,
    initializationRate: integer(parameters, 'VolumeInitializationRate'),
    encrypted: snapshot?.encrypted ?? false,
    kmsKeyId: snapshot?.kmsKeyId,
    availabilityZone: text(parameters, 'AvailabilityZone') ?? subnets.public.availabilityZone,
    createTime: cloud.clock.now(),
    tags: readTagSpecifications(parameters, ['volume'])['volume'] ?? {},
    instanceId: '',
    deviceName: '',
    deleteOnTermination: false,
    attached: false,
  }
  cloud.store.volumes.set(volume.volumeId, volume)
  return present(volume)
}

export function describeVolumes(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const ids = texts(parameters, 'VolumeId')
  if (ids.length > 0 && parameters['MaxResults'] !== undefined) {
    throw new AwsError('InvalidParameterCombination', 'The parameter volumesSet cannot be used with the parameter maxResults')
  }
  const asked = ids.length > 0 ? ids.map((id) => findVolume(cloud, id)) : [...cloud.store.volumes.values()]
  const valuesOf = (volume: Volume) => ({
    'volume-id': [volume.volumeId],
    'snapshot-id': volume.snapshotId === undefined ? [] : [volume.snapshotId],
    status: [stateOf(volume)],
    'availability-zone': [volume.availabilityZone],
    'attachment.instance-id': volume.attached ? [volume.instanceId] : [],
    'volume-type': [volume.volumeType],
  })
  const visible = asked.filter((volume) => isVisible(cloud, volume.createTime))
  const selected = filterBy(parameters, visible, valuesOf, (volume) => volume.tags)
  const page = pageOf(parameters, selected, { least: 5, most: 1000 })
  return { volumeSet: list(page.items, present), nextToken: page.nextToken }
}

/** @throws AwsError VolumeInUse for one that is attached. */
export function deleteVolume(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const volume = findVolume(cloud, requiredText(parameters, 'VolumeId'))
  if (volume.attached) {
    throw new AwsError('VolumeInUse', `Volume ${volume.volumeId} is currently attached to ${volume.instanceId}`)
  }
  cloud.store.volumes.delete(volume.volumeId)
  return { return: true }
}

const stateOf = ({ attached }: Volume) => (attached ? 'in-use' : 'available')

function present(volume: Volume): XmlContent {
  const attachment = {
    volumeId: volume.volumeId,
    instanceId: volume.instanceId,
    device: volume.deviceName,
    status: 'attached',
    deleteOnTermination: volume.deleteOnTermination,
  }
  return {
    volumeId: volume.volumeId,
    size: volume.sizeGiB,
    snapshotId: volume.snapshotId ?? '',
    availabilityZone: volume.availabilityZone,
    status: stateOf(volume),
    createTime: date(volume.createTime),
    attachmentSet: list(volume.attached ? [attachment] : [], (each) => each),
    tagSet: tagSet(volume.tags),
    volumeType: volume.volumeType,
    iops: volume.iops,
    throughput: volume.throughput,
    encrypted: volume.encrypted,
    kmsKeyId: volume.kmsKeyId,
  }
}
