import type { ImageReference } from '@prebake/image-reference'
import type { Problem } from '@prebake/kernel'
import { tagLimits, tagProblem, tagsLeft } from '@prebake/snapshot-record'
import type { BuildErrorCode } from './error-codes.ts'

const problem = (code: BuildErrorCode, input: string, wrong: string, remedy: string): Problem => ({ code, input, wrong, remedy })

/** Why the user's tags cannot be set: EC2's limits, and the tags that prebake itself needs. */
export function tagProblems(tags: Readonly<Record<string, string>>, images: readonly ImageReference[]): readonly Problem[] {
  const tooLong = Object.entries(tags).flatMap(([key, value]): Problem[] => {
    const wrong = tagProblem(key, value)
    return wrong === undefined ? [] : [problem('tag-malformed', 'tags', `\`${key}\` ${wrong}.`, 'Shorten it.')]
  })
  return [...tooLong, ...countProblems(Object.keys(tags).filter((key) => key !== 'Name').length, images)]
}

function countProblems(count: number, images: readonly ImageReference[]): readonly Problem[] {
  const { perResource } = tagLimits
  const left = tagsLeft(images.map(({ registry, repository, tag }) => ({ name: `${registry}/${repository}`, tag })))
  if (left < 0) {
    const wrong = `${images.length} images are too many: their record needs ${perResource - left} tags, and EC2 allows ${perResource}.`
    return [problem('tags-too-many', 'images', wrong, 'Bake fewer images into one snapshot.')]
  }
  if (count <= left) return []
  const wrong = `${count} tags are too many: EC2 allows ${perResource}, and prebake uses ${perResource - left} of them.`
  return [problem('tags-too-many', 'tags', wrong, `Give at most ${left}.`)]
}
