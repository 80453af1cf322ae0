import { accountId } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import { newId, type Cloud } from '../cloud.ts'
import type { MappedDevice, OwnImage } from '../store.ts'
import { readTagSpecifications, requiredText, structure, structures, text, texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf } from './select.ts'
import { findSnapshot } from './snapshots.ts'
import { date, list, tagSet, type XmlContent } from './xml.ts'

/** An image of snapshots of the account. */
export function registerImage(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const devices = readDevices(parameters)
  for (const { snapshotId } of devices) if (snapshotId !== undefined) findSnapshot(cloud, snapshotId)
  const image: OwnImage = {
    imageId: newId(cloud, 'ami'),
    name: requiredText(parameters, 'Name'),
    rootDeviceName: text(parameters, 'RootDeviceName') ?? '/dev/xvda',
    devices,
    createTime: cloud.clock.now(),
    tags: readTagSpecifications(parameters, ['image', 'snapshot'])['image'] ?? {},
  }
  cloud.store.images.set(image.imageId, image)
  return { imageId: image.imageId }
}

/** `BlockDeviceMapping.n` of an image or of a launch template's data. */
export function readDevices(parameters: QueryParameters): readonly MappedDevice[] {
  return structures(parameters, 'BlockDeviceMapping').map((mapping) => ({
    deviceName: text(mapping, 'DeviceName'),
    snapshotId: text(structure(mapping, 'Ebs') ?? {}, 'SnapshotId'),
  }))
}

/** The account's own images; those of AWS are found by their parameters. */
export function describeImages(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const owners = texts(parameters, 'Owner')
  if (owners.length > 0 && !owners.includes('self') && !owners.includes(accountId)) return { imagesSet: list([], () => undefined) }
  const ids = texts(parameters, 'ImageId')
  const asked = ids.length > 0 ? ids.map((id) => find(cloud, id)) : [...cloud.store.images.values()]
  const valuesOf = (image: OwnImage) => ({
    'image-id': [image.imageId],
    name: [image.name],
    'block-device-mapping.snapshot-id': image.devices.flatMap(({ snapshotId }) => snapshotId ?? []),
  })
  const page = pageOf(
    parameters,
    filterBy(parameters, asked, valuesOf, (image) => image.tags),
  )
  return { imagesSet: list(page.items, present), nextToken: page.nextToken }
}

function find(cloud: Cloud, imageId: string): OwnImage {
  const image = cloud.store.images.get(imageId)
  if (image === undefined) throw new AwsError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`)
  return image
}

const present = (image: OwnImage): XmlContent => ({
  imageId: image.imageId,
  imageState: 'available',
  imageOwnerId: accountId,
  name: image.name,
  creationDate: date(image.createTime),
  rootDeviceName: image.rootDeviceName,
  blockDeviceMapping: list(image.devices, ({ deviceName, snapshotId }) => ({ deviceName, ebs: { snapshotId } })),
  tagSet: tagSet(image.tags),
})
