import { InputError } from '@prebake/kernel'
import type { SnapshotErrorCode } from './error-codes.ts'
import type { Recipe } from './recipe.ts'

const GiB = 2 ** 30

/**
 * The volume contains an image's compressed layers and their unpacked content: 9.5 GB compressed became 20.4 GB unpacked for nvcr pytorch 25.02
 * (facts: snapshot-builders §4), in total 3.15 times the compressed size.
 */
const imageExpansion = 3.15

/** The kubelet removes images above 85 % of the disk; a fifth stays free. */
const usableShare = 0.8

/** The recipe's size on the data volume in bytes, without the free fifth. */
export function bytesOnVolume(recipe: Recipe): number {
  const model = recipe.files.reduce((sum, { size }) => sum + size, 0)
  const images = recipe.images.reduce((sum, { compressedBytes }) => sum + compressedBytes * imageExpansion, 0)
  return Math.round(model + images)
}

/** @throws InputError if model and images do not leave a fifth of the volume free */
export function requireVolumeSize(recipe: Recipe, volumeSizeGiB: number): void {
  const bytes = bytesOnVolume(recipe)
  const needed = Math.ceil(bytes / usableShare / GiB)
  if (volumeSizeGiB >= needed) return
  throw new InputError([
    {
      code: 'volume-too-small' satisfies SnapshotErrorCode,
      input: 'volume-size',
      wrong: `${volumeSizeGiB} GiB is too small: model and images take about ${(bytes / GiB).toFixed(1)} GiB, and a fifth of the volume must stay free, or the kubelet removes images.`,
      remedy: `Set at least ${needed}.`,
    },
  ])
}
