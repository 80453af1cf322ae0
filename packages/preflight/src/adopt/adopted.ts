import { parseReference, nameOf } from '@prebake/image-reference'
import type { Problem } from '@prebake/kernel'
import type { FieldChange } from '@prebake/manifests'
import { imageReference, serverImage, type BakeRecord } from '@prebake/snapshot-record'

/** The snapshot that a set of manifests is to use. */
export interface Adopted {
  /** As it is written into the manifests: the ID, or `${SNAPSHOT_ID}`. */
  readonly snapshotId: string
  readonly record: BakeRecord
  /** The smallest volume that can be made from it. */
  readonly volumeSizeGiB: number
}

export interface LeastChange {
  readonly changes: readonly FieldChange[]
  /** What no change of these manifests can do, or only their author. */
  readonly byHand: readonly Problem[]
}

/** On nodes that have a volume from the snapshot, whose ID is the value. */
export const snapshotLabel = 'prebake.dev/snapshot'

/** The baked image to write in place of one that the snapshot does not have for certain; undefined where it need not change, or none was baked. */
export function imageInPlaceOf(image: string | undefined, { images }: BakeRecord): string | undefined {
  const baked = serverImage(images)
  if (image === undefined || baked === undefined) return undefined
  const reference = parseReference(image)
  const isBaked = ({ name, tag, digest }: BakeRecord['images'][number]) => {
    if ('malformed' in reference || nameOf(reference) !== name) return false
    if (reference.digest !== undefined) return reference.digest === digest
    return reference.tag !== undefined && reference.tag !== 'latest' && reference.tag === tag
  }
  return images.some(isBaked) ? undefined : imageReference(baked)
}
