import { AwsError } from '../aws-error.ts'
import type { Tags } from '../store.ts'
import { integer, structures, text, texts, type QueryParameters } from './query-parameters.ts'

/** What a resource says for each filter that its Describe call knows. */
export type FilterValues = Readonly<Record<string, readonly string[]>>

/**
 * The resources that all filters let through: values of one filter are alternatives and may hold `*` and `?`.
 * Tag filters (`tag:<key>`, `tag-key`) work for every resource that has tags.
 * @throws AwsError InvalidParameterValue for a filter that the call does not know.
 */
export function filterBy<T>(
  parameters: QueryParameters,
  resources: readonly T[],
  valuesOf: (resource: T) => FilterValues,
  tagsOf: (resource: T) => Tags = () => ({}),
): readonly T[] {
  return structures(parameters, 'Filter').reduce<readonly T[]>((left, filter) => {
    const name = text(filter, 'Name') ?? ''
    const matches = matcher(texts(filter, 'Value'))
    return left.filter((resource) => valuesFor(name, valuesOf(resource), tagsOf(resource)).some(matches))
  }, resources)
}

function valuesFor(name: string, values: FilterValues, tags: Tags): readonly string[] {
  if (name === 'tag-key') return Object.keys(tags)
  if (name.startsWith('tag:')) {
    const value = tags[name.slice('tag:'.length)]
    return value === undefined ? [] : [value]
  }
  const known = values[name]
  if (known === undefined) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`)
  return known
}

function matcher(patterns: readonly string[]): (value: string) => boolean {
  const expressions = patterns.map((pattern) => {
    const escaped = pattern.replace(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
    return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
  })
  return (value) => expressions.some((expression) => expression.test(value))
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextToken: string | undefined
}

/** What a call takes as MaxResults, and what it gives without (EC2 API reference, "Pagination": up to 1,000). */
export interface PageLimits {
  readonly least: number
  readonly most: number
}

/**
 * One page of a listing, by MaxResults and NextToken.
 * @throws AwsError InvalidParameterValue for a token that no page has given out, and for a MaxResults outside of the call's limits.
 */
export function pageOf<T>(parameters: QueryParameters, resources: readonly T[], limits: PageLimits = { least: 1, most: 1000 }): Page<T> {
  const size = integer(parameters, 'MaxResults') ?? limits.most
  if (size < limits.least || size > limits.most) {
    const words = `Expecting a value ${size < limits.least ? `greater than ${limits.least}` : `less than ${limits.most}`}.`
    throw new AwsError('InvalidParameterValue', `Value ( ${size} ) for parameter maxResults is invalid. ${words}`)
  }
  const token = text(parameters, 'NextToken')
  const start =
    token === undefined
      ? 0
      : Number(
          Buffer.from(token, 'base64url')
            .toString()
            .replace(/^from:/, ''),
        )
  if (!Number.isInteger(start)) throw new AwsError('InvalidParameterValue', 'Unable to parse pagination token')
  const end = start + size
  return {
    items: resources.slice(start, end),
    nextToken: end < resources.length ? Buffer.from(`from:${end}`).toString('base64url') : undefined,
  }
}

/** Keeps the resources whose IDs were asked for, all of them when none was. @throws AwsError with `code` for an ID that is unknown. */
export function withIds<T>(
  resources: readonly T[],
  ids: readonly string[],
  idOf: (resource: T) => string,
  code: string,
  what: string,
): readonly T[] {
  if (ids.length === 0) return resources
  return ids.map((id) => {
    const found = resources.find((resource) => idOf(resource) === id)
    if (found === undefined) throw new AwsError(code, `The ${what} ID '${id}' does not exist`)
    return found
  })
}
