import { nameOf, parseReference } from '@prebake/image-reference'
import { kubernetesArchitecture, type BakeRecord } from './bake-record.ts'
import { imageReference } from './image-tags.ts'
import type { SnapshotVariable } from './snapshot-variables.ts'

/**
 * What the snapshot has in place of a value that was given by hand; undefined where the two agree, or the record does not say. Release and size are not
 * compared: a newer Bottlerocket and a larger volume are right, and the preflight judges the others.
 */
export function findContradiction(name: SnapshotVariable, value: string, record: BakeRecord): string | undefined {
  switch (name) {
    case 'MODEL':
      return record.model === value ? undefined : record.model
    case 'MODEL_REVISION':
      return record.commit !== undefined && value.length >= 7 && record.commit.startsWith(value) ? undefined : record.commit
    case 'MODEL_PATH':
      return isModel(value, record) ? undefined : record.modelPath
    case 'VLLM_IMAGE':
      return isBaked(value, record) ? undefined : record.images.map(imageReference).join(', ') || undefined
    case 'ARCHITECTURE': {
      const { architecture } = record
      if (architecture === undefined || value === architecture) return undefined
      return value === kubernetesArchitecture(architecture) ? undefined : kubernetesArchitecture(architecture)
    }
    case 'BOTTLEROCKET_VERSION':
    case 'VOLUME_SIZE':
      return undefined
  }
}

/** The baked folder, a file in it, or the name by which an offline cache finds it. */
function isModel(value: string, { model, modelPath }: BakeRecord): boolean {
  return value === model || (modelPath !== undefined && `${value}/`.startsWith(`${modelPath}/`))
}

/** A tag that the record does not know is left to the preflight, and so is a malformed reference. */
function isBaked(value: string, { images }: BakeRecord): boolean {
  const reference = parseReference(value)
  if ('malformed' in reference) return true
  return images.some(({ name, tag, digest }) => {
    if (name !== nameOf(reference)) return false
    if (reference.digest !== undefined) return reference.digest === digest
    return reference.tag === undefined || tag === undefined || reference.tag === tag
  })
}
