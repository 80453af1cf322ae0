import type { BakedImage, BakeRecord } from './bake-record.ts'
import { tagLimits } from './tag-limits.ts'
import { writeRecord } from './write-record.ts'

/** A `Name`, and what a snapshot gets after it was made: its verdicts (`verified`, `rejected`), and one that a later version may add. */
const besides = 4

/** As full as a record can be. */
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

/** How many tags are left to the user on a snapshot that holds these images, `Name` not counted; below zero when there are too many images. */
export function tagsLeft(images: readonly Pick<BakedImage, 'name' | 'tag'>[]): number {
  const ours = writeRecord({ ...record, images: images.map(({ name, tag }) => ({ name, tag, digest })) })
  return tagLimits.perResource - Object.keys(ours).length - besides
}
