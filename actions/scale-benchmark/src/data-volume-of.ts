import { fieldsOf, isNodeClass, listAt, numberAt, snapshotVolumesOf, type Manifest } from '@prebake/manifests'
import type { DataVolume } from '@prebake/startup'

/** Bottlerocket's data volume: images, pods and, baked, the model. */
const dataDevice = '/dev/xvdb'

/** The data volume of the EC2NodeClass among the manifests: the one from a snapshot, else the one of Bottlerocket's data device. */
export function dataVolumeOf(manifests: readonly Manifest[]): DataVolume | undefined {
  const nodeClass = manifests.find(({ document }) => isNodeClass(document))?.document
  if (nodeClass === undefined) return undefined
  const [baked] = snapshotVolumesOf(nodeClass)
  const plain = listAt(nodeClass, 'spec.blockDeviceMappings').find((mapping) => fieldsOf(mapping)['deviceName'] === dataDevice)
  const ebs = baked?.ebs ?? fieldsOf(fieldsOf(plain)['ebs'])
  const iops = numberAt(ebs, 'iops')
  const throughputMiBps = numberAt(ebs, 'throughput')
  const initializationRateMiBps = numberAt(ebs, 'volumeInitializationRate')
  return {
    fromSnapshot: baked !== undefined,
    ...(iops !== undefined && { iops }),
    ...(throughputMiBps !== undefined && { throughputMiBps }),
    ...(initializationRateMiBps !== undefined && { initializationRateMiBps }),
  }
}
