import { AwsError } from '../aws-error.ts'
import type { Tags } from '../store.ts'

/** A form with its dotted names unfolded: `Filter.1.Value.2=x` becomes `{ Filter: [{ Value: […, 'x'] }] }`. */
export interface QueryParameters {
  readonly [name: string]: QueryValue | undefined
}
export type QueryValue = string | QueryParameters | readonly QueryValue[]

interface Node {
  [name: string]: string | Node
}

/** Unfolds a form body of the query protocol (AWS "EC2 query protocol", smithy.io `ec2Query`). */
export function parseForm(body: string): QueryParameters {
  const root: Node = Object.create(null) as Node
  for (const [name, value] of new URLSearchParams(body)) {
    const steps = name.split('.')
    let node = root
    for (const step of steps.slice(0, -1)) {
      const next = node[step]
      node = node[step] = typeof next === 'object' ? next : (Object.create(null) as Node)
    }
    node[steps.at(-1) ?? ''] = value
  }
  return unfold(root) as QueryParameters
}

function unfold(node: string | Node): QueryValue {
  if (typeof node === 'string') return node
  const names = Object.keys(node)
  const values = (ordered: readonly string[]) => ordered.map((name) => unfold(node[name] as string | Node))
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name))) return values(names.sort((a, b) => Number(a) - Number(b)))
  return Object.fromEntries(names.map((name) => [name, unfold(node[name] as string | Node)]))
}

export function text(parameters: QueryParameters, name: string): string | undefined {
  const value = parameters[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** @throws AwsError MissingParameter. */
export function requiredText(parameters: QueryParameters, name: string): string {
  const value = text(parameters, name)
  if (value === undefined) throw new AwsError('MissingParameter', `The request must contain the parameter ${name}`)
  return value
}

/** @throws AwsError InvalidParameterValue for what is no whole number. */
export function integer(parameters: QueryParameters, name: string): number | undefined {
  const value = text(parameters, name)
  if (value === undefined) return undefined
  if (!/^-?\d+$/.test(value))
    throw new AwsError('InvalidParameterValue', `Value (${value}) for parameter ${name} is invalid. Expected an integer.`)
  return Number(value)
}

export function flag(parameters: QueryParameters, name: string): boolean | undefined {
  const value = text(parameters, name)
  return value === undefined ? undefined : value.toLowerCase() === 'true'
}

export function texts(parameters: QueryParameters, name: string): readonly string[] {
  const value = parameters[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

export function structure(parameters: QueryParameters, name: string): QueryParameters | undefined {
  const value = parameters[name]
  return typeof value === 'object' && !Array.isArray(value) ? (value as QueryParameters) : undefined
}

export function structures(parameters: QueryParameters, name: string): readonly QueryParameters[] {
  const value = parameters[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && !Array.isArray(item)) : []
}

/**
 * The tags in `Tag.n.Key`, `Tag.n.Value`, held to EC2's rules (user guide, "Tag restrictions").
 * @throws AwsError InvalidParameterValue, TagLimitExceeded.
 */
export function readTags(parameters: QueryParameters): Tags {
  const tags = new Map<string, string>()
  for (const tag of structures(parameters, 'Tag')) {
    const key = text(tag, 'Key')
    const value = text(tag, 'Value') ?? ''
    if (key === undefined) throw new AwsError('InvalidParameterValue', 'Tag keys cannot be empty.')
    if (key.toLowerCase().startsWith('aws:')) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
      )
    }
    if (key.length > 128) throw new AwsError('InvalidParameterValue', 'Tag key exceeds the maximum length of 128 characters')
    if (value.length > 256) throw new AwsError('InvalidParameterValue', 'Tag value exceeds the maximum length of 256 characters')
    if (tags.has(key)) throw new AwsError('InvalidParameterValue', `Duplicate tag key '${key}' specified.`)
    tags.set(key, value)
  }
  if (tags.size > 50) throw new AwsError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.')
  return Object.fromEntries(tags)
}

/**
 * The tags for each resource type in `TagSpecification.n`.
 * @throws AwsError InvalidParameterValue for a type that the operation does not create.
 */
export function readTagSpecifications(parameters: QueryParameters, allowed: readonly string[]): Readonly<Record<string, Tags>> {
  const tags: Record<string, Tags> = {}
  for (const specification of structures(parameters, 'TagSpecification')) {
    const type = text(specification, 'ResourceType') ?? ''
    if (!allowed.includes(type))
      throw new AwsError('InvalidParameterValue', `'${type}' is not a valid taggable resource type for this operation.`)
    if (type in tags) throw new AwsError('InvalidParameterValue', `Tag specification resource type '${type}' is given more than once.`)
    tags[type] = readTags(specification)
  }
  return tags
}
