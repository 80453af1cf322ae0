import { createHash } from 'node:crypto'
import type { Architecture } from '@prebake/snapshot-record'
import { scriptVersion } from './host-scripts.ts'
import type { ResolvedImage } from './ports/image-registry.ts'
import type { ModelFile } from './ports/model-hub.ts'

/**
 * Everything that determines the content of the snapshot. The releases of Bottlerocket and containerd that write it are not part of it but in its tags: a
 * new release needs no new bake, because newer nodes can read the data of older ones.
 */
export interface Recipe {
  readonly model: string
  /** Commit of the model's repository, 40 hex digits. */
  readonly commit: string
  readonly files: readonly ModelFile[]
  readonly images: readonly ResolvedImage[]
  readonly architecture: Architecture
  readonly snapshotter: string
}

/** Same recipe, same fingerprint: 64 hex digits (sha256 of the recipe as JSON, lists sorted by all their fields). */
export function fingerprint(recipe: Recipe): string {
  const files = recipe.files.map(({ path, digest }) => [path, digest.algorithm, digest.hex]).toSorted(byAllFields)
  const images = recipe.images.map(({ name, tag, digest }) => [name, tag ?? '', digest]).toSorted(byAllFields)
  const { model, commit, architecture, snapshotter } = recipe
  const content = JSON.stringify({ model, commit, files, images, architecture, snapshotter, scriptVersion })
  return createHash('sha256').update(content).digest('hex')
}

function byAllFields(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((field, position) => field !== other[position])
  return at < 0 ? 0 : (one[at] ?? '') < (other[at] ?? '') ? -1 : 1
}
