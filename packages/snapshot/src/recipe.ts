import { createHash } from 'node:crypto'
import type { Architecture } from './architecture.ts'
import { scriptVersion } from './host-scripts.ts'
import type { ResolvedImage } from './ports/image-registry.ts'
import type { ModelFile } from './ports/model-hub.ts'

/**
 * All that decides what lies on the snapshot. What wrote it (the releases of Bottlerocket and containerd) is not part of it, but stands on its tags: a new
 * release needs no new bake, since newer nodes can read what an older one wrote.
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
