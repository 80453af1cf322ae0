import type { BakedContent } from '@prebake/preflight'
import { isRejected, modelPath, tagKeys } from '@prebake/snapshot'

/** What the tags of a snapshot say of its content; undefined for one that no build of ours has made. */
export function bakedContent(tags: Readonly<Record<string, string>>): BakedContent | undefined {
  if (tags[tagKeys.fingerprint] === undefined) return undefined
  const { [tagKeys.model]: model, [tagKeys.revision]: revision, [tagKeys.verified]: verified } = tags
  const major = Number(tags[tagKeys.containerd])
  return {
    images: imagesOf(tags),
    modelPath: model === undefined || revision === undefined ? undefined : modelPath(model, revision),
    architecture: architectures[tags[tagKeys.architecture] ?? ''],
    // The builder leaves Bottlerocket's default as it is, and the recipe knows no other.
    snapshotter: 'overlayfs',
    bottlerocket: tags[tagKeys.bottlerocket],
    containerdMajor: Number.isInteger(major) && major > 0 ? major : undefined,
    verified: verified === 'quick' || verified === 'full' || verified === 'failed' ? verified : undefined,
    rejected: isRejected(tags) ? tags[tagKeys.rejected] : undefined,
  }
}

const architectures: Readonly<Record<string, BakedContent['architecture']>> = { x86_64: 'amd64', arm64: 'arm64' }

/** `prebake:image-1` and so on, each `name@sha256:…`. */
function imagesOf(tags: Readonly<Record<string, string>>): BakedContent['images'] {
  const values = Object.entries(tags).flatMap(([key, value]) => (/^prebake:image-\d+$/.test(key) ? [value] : []))
  return values.map((value) => ({ name: value.slice(0, value.lastIndexOf('@')), digest: value.slice(value.lastIndexOf('@') + 1) }))
}
