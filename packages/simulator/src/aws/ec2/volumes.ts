import { AwsError } from '../aws-error.ts'
import { isVisible, type Cloud } from '../cloud.ts'
import type { Volume } from '../store.ts'
import { texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf } from './select.ts'
import { date, list, tagSet, type XmlContent } from './xml.ts'

/** @throws AwsError InvalidVolume.NotFound. */
export function findVolume(cloud: Cloud, volumeId: string): Volume {
  const volume = cloud.store.volumes.get(volumeId)
  if (volume === undefined) throw new AwsError('InvalidVolume.NotFound', `The volume '${volumeId}' does not exist.`)
  return volume
}

export function describeVolumes(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const ids = texts(parameters, 'VolumeId')
  const asked = ids.length > 0 ? ids.map((id) => findVolume(cloud, id)) : [...cloud.store.volumes.values()]
  const valuesOf = (volume: Volume) => ({
    'volume-id': [volume.volumeId],
    'snapshot-id': volume.snapshotId === undefined ? [] : [volume.snapshotId],
    'availability-zone': [volume.availabilityZone],
    status: [volume.attached ? 'in-use' : 'available'],
    'attachment.instance-id': volume.attached ? [volume.instanceId] : [],
    'attachment.device': volume.attached ? [volume.deviceName] : [],
  })
  const visible = asked.filter((volume) => isVisible(cloud, volume.createTime))
  const page = pageOf(
    parameters,
    filterBy(parameters, visible, valuesOf, (volume) => volume.tags),
  )
  return { volumeSet: list(page.items, present), nextToken: page.nextToken }
}

function present(volume: Volume): XmlContent {
  const attachment = {
    volumeId: volume.volumeId,
    instanceId: volume.instanceId,
    device: volume.deviceName,
    status: 'attached',
    attachTime: date(volume.createTime),
    deleteOnTermination: volume.deleteOnTermination,
  }
  return {
    volumeId: volume.volumeId,
    size: volume.sizeGiB,
    snapshotId: volume.snapshotId ?? '',
    availabilityZone: volume.availabilityZone,
    status: volume.attached ? 'in-use' : 'available',
    createTime: date(volume.createTime),
    attachmentSet: list(volume.attached ? [attachment] : [], (entry) => entry),
    tagSet: tagSet(volume.tags),
    volumeType: volume.volumeType,
    iops: volume.iops,
    throughput: volume.throughput,
    volumeInitializationRate: volume.initializationRate,
    encrypted: volume.encrypted,
    kmsKeyId: volume.kmsKeyId,
    multiAttachEnabled: false,
  }
}
