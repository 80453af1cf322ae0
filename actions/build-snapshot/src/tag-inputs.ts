import type { ImageReference } from '@prebake/image-reference'
import type { Problem } from '@prebake/kernel'
import { tagLimits, tagProblem, tagsLeft } from '@prebake/snapshot-record'

const problem = (input: string, wrong: string, remedy: string): Problem => ({ input, wrong, remedy })

/** What EC2, or the room that prebake's own tags leave, has against the user's. */
export function tagProblems(tags: Readonly<Record<string, string>>, images: readonly ImageReference[]): readonly Problem[] {
  const tooLong = Object.entries(tags).flatMap(([key, value]): Problem[] => {
    const wrong = tagProblem(key, value)
    return wrong === undefined ? [] : [problem('tags', `\`${key}\` ${wrong}.`, 'Shorten it.')]
  })
  return [...tooLong, ...countProblems(Object.keys(tags).filter((key) => key !== 'Name').length, images)]
}

function countProblems(count: number, images: readonly ImageReference[]): readonly Problem[] {
  const { perResource } = tagLimits
  const left = tagsLeft(images.map(({ registry, repository, tag }) => ({ name: `${registry}/${repository}`, tag })))
  if (left < 0) {
    const wrong = `${images.length} images are too many: what is recorded of them takes ${perResource - left} tags, and EC2 takes ${perResource}.`
    return [problem('images', wrong, 'Bake fewer images into one snapshot.')]
  }
  if (count <= left) return []
  const wrong = `${count} tags are too many: EC2 takes ${perResource}, and prebake’s own take ${perResource - left}.`
  return [problem('tags', wrong, `Give at most ${left}.`)]
}
