import { nodeClassGroup, snapshotVolumesOf, type SnapshotVolume } from '@prebake/manifests'
import { valueOf } from '../ports/fact.ts'
import type { SnapshotDescription } from '../ports/snapshot-facts.ts'
import { liveOf, manifestsOf, type Located } from './located.ts'
import type { PreflightSubject } from './subject.ts'

/** A volume of an EC2NodeClass that is made from a snapshot; located at its block device mapping. */
export type NodeVolume = Located & SnapshotVolume

type Searched = Pick<PreflightSubject, 'manifests' | 'facts'>

/** EC2NodeClasses of the manifests, and those of the cluster that NodePools refer to. */
export function nodeClassesOf(subject: Searched): readonly Located[] {
  return [...manifestsOf(subject, nodeClassGroup, 'EC2NodeClass'), ...liveOf(subject.facts.nodeClass)]
}

/** Every volume that is made from a snapshot, whoever made that. */
export function volumesOf(nodeClass: Located): readonly NodeVolume[] {
  return snapshotVolumesOf(nodeClass.object).map((volume) => ({ ...nodeClass, ...volume }))
}

export function snapshotVolumes(subject: Searched): readonly NodeVolume[] {
  return nodeClassesOf(subject).flatMap(volumesOf)
}

/**
 * The volumes whose snapshot a build of ours made, or that is being rolled out: only there Bottlerocket has to find images or a model. A snapshot that
 * could not be looked up counts too, unless another one was given beside the manifests.
 */
export function bakedVolumesOf(
  nodeClass: Located,
  { facts, snapshotId }: Pick<PreflightSubject, 'facts' | 'snapshotId'>,
): readonly NodeVolume[] {
  return volumesOf(nodeClass).filter((volume) => {
    if (volume.snapshotId === snapshotId) return true
    const found = snapshotOf({ facts }, volume)
    return found === undefined ? snapshotId === undefined : found.baked !== undefined
  })
}

export function bakedVolumes(subject: PreflightSubject): readonly NodeVolume[] {
  return nodeClassesOf(subject).flatMap((nodeClass) => bakedVolumesOf(nodeClass, subject))
}

/** The volumes whose snapshot was looked up and found. */
export function describedVolumes(subject: PreflightSubject): readonly (NodeVolume & { readonly snapshot: SnapshotDescription })[] {
  return snapshotVolumes(subject).flatMap((volume) => {
    const snapshot = snapshotOf(subject, volume)
    return snapshot === undefined ? [] : [{ ...volume, snapshot }]
  })
}

/** Undefined where it was not looked up, or is not there. */
export function snapshotOf({ facts }: Pick<PreflightSubject, 'facts'>, { snapshotId }: NodeVolume): SnapshotDescription | undefined {
  return valueOf(facts.snapshot[snapshotId])
}
