import { listAt, parseGiB, readField, textAt, type FieldChange, type Manifest } from '@prebake/manifests'
import { isOlder } from '@prebake/snapshot-record'
import { machineImagesOf } from '../subject/machine-images.ts'
import type { Adopted } from './adopted.ts'

const dataDevice = '/dev/xvdb'

/** What an EC2NodeClass needs so that its nodes mount the snapshot: a Bottlerocket that can read it, and the data volume from it. */
export function changeNodeClass(manifest: Manifest, adopted: Adopted): readonly FieldChange[] {
  const { document } = manifest
  const change = (path: FieldChange['path'], value: unknown): FieldChange => ({ manifest, path: ['spec', ...path], value })
  const isOther = familyOf(manifest) !== 'bottlerocket'
  const changes: FieldChange[] = machineImage(manifest, adopted, isOther).map(({ path, value }) => change(path, value))
  if (isOther && readField(document, 'spec.userData') !== undefined) changes.push(change(['userData'], undefined))
  if (readField(document, 'spec.instanceStorePolicy') === 'RAID0') changes.push(change(['instanceStorePolicy'], undefined))
  return [...changes, ...dataVolume(manifest, adopted, isOther).map(({ path, value }) => change(path, value))]
}

type Step = Pick<FieldChange, 'path' | 'value'>

function familyOf({ document }: Manifest): string | undefined {
  const family = machineImagesOf({ object: document })[0]?.family ?? textAt(document, 'spec.amiFamily')?.toLowerCase()
  // A custom image, or one by its ID, may well be a Bottlerocket.
  return family === undefined || family === 'custom' ? 'bottlerocket' : family
}

/** Another family's image, or a Bottlerocket that is older than the one that wrote the snapshot. */
function machineImage({ document }: Manifest, { record: { bottlerocket } }: Adopted, isOther: boolean): readonly Step[] {
  const [image] = machineImagesOf({ object: document })
  const alias = image?.field.endsWith('.alias') ? image : undefined
  const isTooOld = image?.release !== undefined && bottlerocket !== undefined && isOlder(image.release, bottlerocket)
  if (!isOther && !isTooOld) return []
  const steps: Step[] = []
  if (readField(document, 'spec.amiFamily') !== undefined && isOther) steps.push({ path: ['amiFamily'], value: 'Bottlerocket' })
  const value = `bottlerocket@${bottlerocket === undefined ? 'latest' : `v${bottlerocket}`}`
  if (alias === undefined) return [...steps, { path: ['amiSelectorTerms'], value: [{ alias: value }] }]
  return [...steps, { path: ['amiSelectorTerms', 0, 'alias'], value }]
}

/** The root volume of another family holds what Bottlerocket keeps on its data volume, so it becomes that. */
function dataVolume({ document }: Manifest, { snapshotId, volumeSizeGiB }: Adopted, isOther: boolean): readonly Step[] {
  const mappings = listAt(document, 'spec.blockDeviceMappings')
  const named = (device: string) => mappings.findIndex((mapping) => textAt(mapping, 'deviceName') === device)
  const root = isOther && named(dataDevice) < 0 ? named('/dev/xvda') : -1
  const index = root >= 0 ? root : named(dataDevice)
  const size = `${volumeSizeGiB}Gi`
  if (index < 0) {
    const volume = { deviceName: dataDevice, ebs: { snapshotID: snapshotId, volumeSize: size, volumeType: 'gp3' } }
    return [{ path: ['blockDeviceMappings', mappings.length], value: volume }]
  }
  const at = ['blockDeviceMappings', index] as const
  const steps: Step[] = root >= 0 ? [{ path: [...at, 'deviceName'], value: dataDevice }] : []
  if (textAt(mappings[index], 'ebs.snapshotID') !== snapshotId) steps.push({ path: [...at, 'ebs', 'snapshotID'], value: snapshotId })
  if ((parseGiB(readField(mappings[index], 'ebs.volumeSize')) ?? 0) < volumeSizeGiB)
    steps.push({ path: [...at, 'ebs', 'volumeSize'], value: size })
  return steps
}
