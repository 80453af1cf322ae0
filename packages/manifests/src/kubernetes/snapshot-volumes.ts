import { fieldsOf, listAt, readField, textAt, type Fields } from './fields.ts'
import type { KubernetesObject } from './kubernetes-object.ts'

/** A block device mapping of an EC2NodeClass whose volume is made from a snapshot. */
export interface SnapshotVolume {
  readonly snapshotId: string
  readonly deviceName: string | undefined
  readonly ebs: Fields
  /** `spec.blockDeviceMappings[1]`. */
  readonly path: string
}

export function snapshotVolumesOf(nodeClass: KubernetesObject): readonly SnapshotVolume[] {
  return listAt(nodeClass, 'spec.blockDeviceMappings').flatMap((mapping, index): SnapshotVolume[] => {
    const snapshotId = textAt(mapping, 'ebs.snapshotID')
    if (snapshotId === undefined || snapshotId === '') return []
    const path = `spec.blockDeviceMappings[${index}]`
    return [{ snapshotId, deviceName: textAt(mapping, 'deviceName'), ebs: fieldsOf(readField(mapping, 'ebs')), path }]
  })
}
