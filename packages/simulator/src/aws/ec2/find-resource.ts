import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import type { Tags } from '../store.ts'
import { findInstance } from './instances.ts'
import { text, texts, type QueryParameters } from './query-parameters.ts'
import { findSnapshot, findVolume } from './snapshots.ts'

/** @throws AwsError for an ID that is malformed, of no kind that can be tagged here, or unknown. */
export function findResource(cloud: Cloud, id: string): { tags: Tags } {
  if (id.startsWith('i-')) return findInstance(cloud, id)
  if (id.startsWith('vol-')) return findVolume(cloud, id)
  if (id.startsWith('snap-')) return findSnapshot(cloud, id)
  throw new AwsError('InvalidID', `The ID '${id}' is not valid`)
}

/** Which parameters name what an operation changes. */
const subjects: Readonly<Record<string, string>> = {
  StopInstances: 'InstanceId',
  TerminateInstances: 'InstanceId',
  CreateSnapshot: 'VolumeId',
  DeleteSnapshot: 'SnapshotId',
  DeleteVolume: 'VolumeId',
  CreateTags: 'ResourceId',
  DeleteTags: 'ResourceId',
}

/**
 * Looks up what an operation is to change, as EC2 must ahead of asking IAM, which may need the resource's tags. In which order it answers is not documented:
 * NotFound does not mean that the action is allowed. @throws AwsError for what does not exist.
 */
export function requireSubjects(cloud: Cloud, operation: string, parameters: QueryParameters): void {
  const name = Object.hasOwn(subjects, operation) ? subjects[operation] : undefined
  if (name === undefined) return
  const one = text(parameters, name)
  for (const id of one === undefined ? texts(parameters, name) : [one]) findResource(cloud, id)
}
