import type { BakedImage } from './bake-record.ts'
import { tagLimits } from './tag-limits.ts'

type Tags = Readonly<Record<string, string>>

const key = (number: number, part?: 'tag' | 'name') => `prebake:image-${number}${part === undefined ? '' : `-${part}`}`

/** The image reference for a manifest's `image:`, by digest: `docker.io/vllm/vllm-openai@sha256:…`. */
export const imageReference = ({ name, digest }: Pick<BakedImage, 'name' | 'digest'>): string => `${name}@${digest}`

/**
 * Tags of a list of images, counted from 1: `prebake:image-1` is its reference by digest, `prebake:image-1-tag` its tag. A name that is too long to fit
 * before its digest is truncated there, and complete in `prebake:image-1-name`: every name fits into a tag (255 characters: the distribution project's
 * `reference.NameTotalLengthMax`).
 */
export function imageTags(images: readonly BakedImage[]): Record<string, string> {
  const tags = images.flatMap((image, index): [string, string][] => {
    const { name, tag, digest } = image
    const room = tagLimits.value - digest.length - 1
    return [
      [key(index + 1), imageReference({ name: name.slice(0, room), digest })],
      ...(tag === undefined ? [] : [[key(index + 1, 'tag'), tag] satisfies [string, string]]),
      ...(name.length <= room ? [] : [[key(index + 1, 'name'), name] satisfies [string, string]]),
    ]
  })
  return Object.fromEntries(tags)
}

/** The images in a snapshot's tags, in order. Malformed tags are skipped. */
export function readImages(tags: Tags): readonly BakedImage[] {
  const numbers = Object.keys(tags).flatMap((name) => /^prebake:image-(\d+)$/.exec(name)?.[1] ?? [])
  return numbers
    .map(Number)
    .toSorted((a, b) => a - b)
    .flatMap((number): BakedImage[] => {
      const reference = tags[key(number)] ?? ''
      const at = reference.lastIndexOf('@')
      if (at <= 0) return []
      const name = tags[key(number, 'name')] ?? reference.slice(0, at)
      return [{ name, tag: tags[key(number, 'tag')], digest: reference.slice(at + 1) }]
    })
}
