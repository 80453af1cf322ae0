import type { Architecture, BakeRecord } from './bake-record.ts'
import { readImages } from './image-tags.ts'
import { modelPath } from './model-path.ts'
import { tagKeys } from './tag-keys.ts'

/** The record in a snapshot's tags; undefined for a snapshot that prebake did not build. Fields of tags that older versions did not write are undefined or derived. */
export function readRecord(tags: Readonly<Record<string, string>>): BakeRecord | undefined {
  const fingerprint = tags[tagKeys.fingerprint]
  if (fingerprint === undefined) return undefined
  const { [tagKeys.model]: model, [tagKeys.revision]: commit } = tags
  return {
    fingerprint,
    run: tags[tagKeys.run],
    model,
    commit,
    modelPath: tags[tagKeys.modelPath] ?? (model === undefined || commit === undefined ? undefined : modelPath(model, commit)),
    images: readImages(tags),
    architecture: oneOf(architectures, tags[tagKeys.architecture]),
    bottlerocket: tags[tagKeys.bottlerocket],
    kubernetes: tags[tagKeys.kubernetes],
    containerd: tags[tagKeys.containerd] || undefined,
    verified: oneOf(verdicts, tags[tagKeys.verified]),
    rejected: tags[tagKeys.rejected],
  }
}

const architectures: readonly Architecture[] = ['x86_64', 'arm64']
const verdicts = ['quick', 'full', 'failed'] as const

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | undefined {
  return known.find((each) => each === value)
}
