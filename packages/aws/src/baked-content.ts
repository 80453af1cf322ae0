import type { BakedContent } from '@prebake/rollout'
import { readRecord, type Architecture } from '@prebake/snapshot-record'

/** What the tags of a snapshot say of its content; undefined for one that no build of ours has made. */
export function bakedContent(tags: Readonly<Record<string, string>>): BakedContent | undefined {
  const record = readRecord(tags)
  if (record === undefined) return undefined
  const { images, modelPath, architecture, bottlerocket, containerd, verified, rejected } = record
  return {
    images: images.map(({ name, digest }) => ({ name, digest })),
    modelPath,
    architecture: architecture && platforms[architecture],
    // The builder leaves Bottlerocket's default as it is, and the recipe knows no other.
    snapshotter: 'overlayfs',
    bottlerocket,
    containerd,
    verified,
    rejected,
  }
}

const platforms: Readonly<Record<Architecture, NonNullable<BakedContent['architecture']>>> = { x86_64: 'amd64', arm64: 'arm64' }
