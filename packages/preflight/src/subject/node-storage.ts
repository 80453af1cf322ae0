import { parseGiB, readField } from '@prebake/manifests'
import type { NodeVolume } from './node-classes.ts'

/** What Karpenter takes a volume to have whose size it does not know, in GiB. */
const defaultGiB = 20
/** What it keeps for the kubelet, in GiB, and the share at which the kubelet evicts pods, where the NodeClass says neither. */
const reservedGiB = 1
const evictionShare = 0.1

/**
 * The ephemeral storage that Karpenter takes a Bottlerocket node with this data volume to have for pods, in MiB (karpenter-provider-aws,
 * pkg/providers/instancetype/types.go: ephemeralStorage, evictionThreshold); undefined where the instance store takes its place.
 */
export function nodeStorageMiB({ object, ebs }: NodeVolume): number | undefined {
  if (readField(object, 'spec.instanceStorePolicy') !== undefined) return undefined
  const size = parseGiB(ebs['volumeSize']) ?? defaultGiB
  // With settings of its own, at most the whole volume.
  const room = readField(object, 'spec.kubelet') === undefined ? size * (1 - evictionShare) - reservedGiB : size
  return room * 1024
}
