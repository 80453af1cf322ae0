import type { Problem } from '@prebake/kernel'
import type { ImageReference } from '@prebake/snapshot'
import { tagLimits, tagProblem, tagsLeft } from '@prebake/snapshot-record'

const problem = (input: string, wrong: string, remedy: string): Problem => ({ input, wrong, remedy })

/** What EC2, or prebake's own tags, have against the user's. */
export function tagProblems(tags: readonly string[], images: readonly ImageReference[]): readonly Problem[] {
  const keys = tags.map((tag) => splitTag(tag).key)
  const twice = [...new Set(keys.filter((key, index) => key !== undefined && keys.indexOf(key) !== index))]
  return [
    ...tags.flatMap(ownProblems),
    ...twice.map((key) => problem('tags', `\`${key}\` is given more than once.`, 'Give each key once.')),
    ...countProblems(keys.filter((key) => key !== 'Name').length, images),
  ]
}

/** `key=value` lines as a record. */
export function tagRecord(tags: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(splitTag).flatMap(({ key, value }) => (key === undefined ? [] : [[key, value]])))
}

function ownProblems(tag: string): readonly Problem[] {
  const { key, value } = splitTag(tag)
  if (key === undefined || /^(aws|prebake):/i.test(key))
    return [problem('tags', `\`${tag}\` is not a tag of yours.`, 'Write `key=value`; keys that begin with `aws:` or `prebake:` are taken.')]
  const wrong = tagProblem(key, value)
  return wrong === undefined ? [] : [problem('tags', `\`${key}\` ${wrong}.`, 'Shorten it.')]
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

function splitTag(tag: string): { readonly key: string | undefined; readonly value: string } {
  const equals = tag.indexOf('=')
  return equals > 0 ? { key: tag.slice(0, equals).trim(), value: tag.slice(equals + 1).trim() } : { key: undefined, value: '' }
}
