import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import { findResource } from './find-resource.ts'
import { type QueryParameters, readTags, structures, text, texts } from './query-parameters.ts'
import type { XmlContent } from './xml.ts'

/** Adds tags to instances, volumes and snapshots; one that is there already gets the new value. */
export function createTags(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const ids = texts(parameters, 'ResourceId')
  const tags = readTags(parameters)
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet')
  if (Object.keys(tags).length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter tagSet')
  const changes = ids.map((id) => {
    const resource = findResource(cloud, id)
    const merged = { ...resource.tags, ...tags }
    if (Object.keys(merged).length > 50)
      throw new AwsError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.')
    return { resource, merged }
  })
  for (const { resource, merged } of changes) resource.tags = merged
  return { return: true }
}

/** Removes tags from instances, volumes and snapshots, and where none are named all of them. One that is given with a value goes only with that value. */
export function deleteTags(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const ids = texts(parameters, 'ResourceId')
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet')
  const wanted = structures(parameters, 'Tag').map((tag) => ({ key: text(tag, 'Key'), value: text(tag, 'Value') }))
  const goes = ([key, value]: readonly [string, string]) =>
    wanted.length === 0 || wanted.some((tag) => tag.key === key && (tag.value ?? value) === value)
  for (const resource of ids.map((id) => findResource(cloud, id)))
    resource.tags = Object.fromEntries(Object.entries(resource.tags).filter((tag) => !goes(tag)))
  return { return: true }
}
