import type { BakedImage, BakeRecord } from './bake-record.ts'
import { tagLimits } from './tag-limits.ts'
import { writeRecord } from './write-record.ts'

/** `Name`, and what is added later: the verdicts (`verified`, `rejected`) and `previous`. */
const besides = 4

/** A record with all fields. */
const record: BakeRecord = {
  fingerprint: 'x',
  run: 'x',
  model: 'x',
  commit: 'x',
  modelPath: 'x',
  images: [],
  architecture: 'x86_64',
  bottlerocket: 'x',
  kubernetes: 'x',
  containerd: 'x',
  verified: undefined,
  rejected: undefined,
}
const digest = `sha256:${'0'.repeat(64)}`

/** How many tags are left for the user on a snapshot with these images, not counting `Name`. Negative if there are too many images. */
export function tagsLeft(images: readonly Pick<BakedImage, 'name' | 'tag'>[]): number {
  const ours = writeRecord({ ...record, images: images.map(({ name, tag }) => ({ name, tag, digest })) })
  return tagLimits.perResource - Object.keys(ours).length - besides
}
