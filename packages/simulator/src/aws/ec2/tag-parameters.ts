import { AwsError } from '../aws-error.ts'
import type { Tags } from '../store.ts'
import { structures, text, type QueryParameters } from './query-parameters.ts'

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
