import { fieldsOf, listAt, specOf, textAt, type KubernetesObject } from '@prebake/manifests'
import type { BakedSnapshot } from './baked-model.ts'

/** The EC2NodeClass with empty volumes in place of those from the snapshot, as large as they were. The same object where it has none. */
export function controlNodeClass(nodeClass: KubernetesObject, { snapshotId, volumeSizeGiB }: BakedSnapshot): KubernetesObject {
  const mappings = listAt(nodeClass, 'spec.blockDeviceMappings')
  if (mappings.every((mapping) => textAt(mapping, 'ebs.snapshotID') !== snapshotId)) return nodeClass
  const empty = (mapping: unknown): unknown => {
    const { ebs, ...device } = fieldsOf(mapping)
    const { snapshotID, volumeInitializationRate: _rate, ...volume } = fieldsOf(ebs)
    // Karpenter plans with 20Gi where no size is given.
    return snapshotID === snapshotId ? { ...device, ebs: { volumeSize: `${volumeSizeGiB}Gi`, ...volume } } : mapping
  }
  return { ...nodeClass, spec: { ...specOf(nodeClass), blockDeviceMappings: mappings.map(empty) } } as KubernetesObject
}
