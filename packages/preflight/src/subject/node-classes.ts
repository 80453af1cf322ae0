import { liveOf, manifestsOf, type Located } from './located.ts'
import { fieldsOf, listAt, readField, textAt } from '@prebake/manifests'
import type { PreflightSubject } from './subject.ts'

/** A volume of a NodeClass that is made from a snapshot. */
export interface BakedVolume {
  readonly nodeClass: Located
  readonly snapshotId: string
  readonly deviceName: string | undefined
  readonly ebs: Readonly<Record<string, unknown>>
  /** `spec.blockDeviceMappings[1]`. */
  readonly path: string
}

/** EC2NodeClasses of the manifests, and those of the cluster that NodePools refer to. */
export function nodeClassesOf(subject: Pick<PreflightSubject, 'manifests' | 'facts'>): readonly Located[] {
  return [...manifestsOf(subject, 'karpenter.k8s.aws', 'EC2NodeClass'), ...liveOf(subject.facts.nodeClass)]
}

export function bakedVolumesOf(nodeClass: Located): readonly BakedVolume[] {
  return listAt(nodeClass.object, 'spec.blockDeviceMappings').flatMap((mapping, index): BakedVolume[] => {
    const snapshotId = textAt(mapping, 'ebs.snapshotID')
    if (snapshotId === undefined || snapshotId === '') return []
    const path = `spec.blockDeviceMappings[${index}]`
    return [{ nodeClass, snapshotId, deviceName: textAt(mapping, 'deviceName'), ebs: fieldsOf(readField(mapping, 'ebs')), path }]
  })
}

export function allBakedVolumes(subject: Pick<PreflightSubject, 'manifests' | 'facts'>): readonly BakedVolume[] {
  return nodeClassesOf(subject).flatMap(bakedVolumesOf)
}

/** `bottlerocket` and `v1.57.0` of the alias that selects the machine image, if one does (Karpenter: an alias is the only term there is). */
export function aliasOf({ object }: Located): { readonly family: string; readonly version: string } | undefined {
  const alias = listAt(object, 'spec.amiSelectorTerms').map((term) => textAt(term, 'alias'))[0]
  const [family, version] = alias?.split('@') ?? []
  return family === undefined || version === undefined ? undefined : { family: family.toLowerCase(), version }
}
