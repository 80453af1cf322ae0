import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import type { Tags } from '../store.ts'
import { findInstance } from './instances.ts'
import { texts, type QueryParameters } from './query-parameters.ts'
import { findSnapshot } from './snapshots.ts'
import { readTags } from './tag-parameters.ts'
import { findVolume } from './volumes.ts'
import type { XmlContent } from './xml.ts'

/** Adds tags to instances, volumes and snapshots; one that is there already gets the new value. */
export function createTags(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const ids = texts(parameters, 'ResourceId')
  const tags = readTags(parameters)
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter resourceIdSet')
  if (Object.keys(tags).length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter tagSet')
  const changes = ids.map((id) => {
    const resource = findTaggable(cloud, id)
    const merged = { ...resource.tags, ...tags }
    if (Object.keys(merged).length > 50)
      throw new AwsError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.')
    return { resource, merged }
  })
  for (const { resource, merged } of changes) resource.tags = merged
  return { return: true }
}

function findTaggable(cloud: Cloud, id: string): { tags: Tags } {
  if (id.startsWith('i-')) return findInstance(cloud, id)
  if (id.startsWith('vol-')) return findVolume(cloud, id)
  if (id.startsWith('snap-')) return findSnapshot(cloud, id)
  throw new AwsError('InvalidID', `The ID '${id}' is not valid`)
}
