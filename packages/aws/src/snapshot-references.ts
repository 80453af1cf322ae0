import {
  paginateDescribeImages,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeVolumes,
  type DescribeLaunchTemplateVersionsCommandInput,
  type EC2Client,
  type LaunchTemplateVersion,
} from '@aws-sdk/client-ec2'
import { paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm'
import type { Reference, ReferenceSource } from '@prebake/prune'
import { snapshotIdsIn } from '@prebake/snapshot-record'
import { callPages } from './call.ts'
import type { Clients } from './clients.ts'

/** EC2 takes at most 200 values in a filter (EC2 user guide, "Filtering considerations"). */
const valuesPerFilter = 200

/** Where EC2 names snapshots: volumes, launch templates in all their versions, and machine images, disabled and deprecated ones too. */
export function createSnapshotReferences({ ec2 }: Pick<Clients, 'ec2'>): readonly ReferenceSource[] {
  return [
    { title: 'volumes', find: (ids, signal) => volumes(ec2, ids, signal) },
    { title: 'launch templates', find: (ids, signal) => launchTemplates(ec2, ids, signal) },
    { title: 'machine images', find: (ids, signal) => images(ec2, ids, signal) },
  ]
}

/** SSM parameters below a path whose values name snapshots. A SecureString stays encrypted: an ID is no secret. */
export function createParameterReferences({ ssm }: Pick<Clients, 'ssm'>, path: string): ReferenceSource {
  return { title: `SSM parameters below ${path}`, find: (ids, signal) => parameters(ssm, path, ids, signal) }
}

async function volumes(ec2: EC2Client, ids: readonly string[], signal: AbortSignal): Promise<readonly Reference[]> {
  const found = await inChunks(ids, (Values) =>
    callPages('ec2:DescribeVolumes', signal, (options) =>
      paginateDescribeVolumes({ client: ec2, pageSize: 500 }, { Filters: [{ Name: 'snapshot-id', Values }] }, options),
    ),
  )
  return found
    .flatMap((page) => page.Volumes ?? [])
    .map(({ SnapshotId = '', VolumeId, Attachments }) => {
      const instance = Attachments?.[0]?.InstanceId
      const by = `volume ${VolumeId}${instance === undefined ? '' : ` of ${instance}`}`
      return { snapshotId: SnapshotId, by, makesVolumes: false }
    })
}

async function images(ec2: EC2Client, ids: readonly string[], signal: AbortSignal): Promise<readonly Reference[]> {
  const found = await inChunks(ids, (Values) => {
    const Filters = [{ Name: 'block-device-mapping.snapshot-id', Values }]
    const input = { Owners: ['self'], Filters, IncludeDeprecated: true, IncludeDisabled: true }
    return callPages('ec2:DescribeImages', signal, (options) => paginateDescribeImages({ client: ec2, pageSize: 1000 }, input, options))
  })
  return found
    .flatMap((page) => page.Images ?? [])
    .flatMap(({ ImageId, BlockDeviceMappings }) =>
      (BlockDeviceMappings ?? []).flatMap(({ Ebs }) => named(Ebs?.SnapshotId, ids, `machine image ${ImageId}`)),
    )
}

/**
 * Latest and default versions of all launch templates come in pages. Only a template with further versions is asked for them: something may launch by
 * their numbers.
 */
async function launchTemplates(ec2: EC2Client, ids: readonly string[], signal: AbortSignal): Promise<readonly Reference[]> {
  const versionsOf = (input: DescribeLaunchTemplateVersionsCommandInput) =>
    callPages('ec2:DescribeLaunchTemplateVersions', signal, (options) =>
      paginateDescribeLaunchTemplateVersions({ client: ec2, pageSize: 200 }, input, options),
    ).then((pages) => pages.flatMap((page) => page.LaunchTemplateVersions ?? []))
  const pages = await callPages('ec2:DescribeLaunchTemplates', signal, (options) =>
    paginateDescribeLaunchTemplates({ client: ec2, pageSize: 200 }, {}, options),
  )
  const templates = pages.flatMap((page) => page.LaunchTemplates ?? [])
  if (templates.length === 0) return []
  const versions: LaunchTemplateVersion[] = await versionsOf({ Versions: ['$Latest', '$Default'] })
  for (const { LaunchTemplateId, LatestVersionNumber = 1, DefaultVersionNumber = 1 } of templates) {
    // Older ones may have been deleted; only EC2 knows.
    const known = new Set([LatestVersionNumber, DefaultVersionNumber])
    if (LatestVersionNumber > known.size) versions.push(...(await versionsOf({ LaunchTemplateId })))
  }
  const references = versions.flatMap(({ LaunchTemplateId, VersionNumber, LaunchTemplateData }) =>
    (LaunchTemplateData?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
      named(Ebs?.SnapshotId, ids, `launch template ${LaunchTemplateId}, version ${VersionNumber}`),
    ),
  )
  return references.filter(
    ({ snapshotId, by }, index) => index === references.findIndex((each) => each.snapshotId === snapshotId && each.by === by),
  )
}

async function parameters(ssm: SSMClient, path: string, ids: readonly string[], signal: AbortSignal): Promise<readonly Reference[]> {
  const pages = await callPages('ssm:GetParametersByPath', signal, (options) =>
    paginateGetParametersByPath({ client: ssm, pageSize: 10 }, { Path: path, Recursive: true }, options),
  )
  return pages
    .flatMap((page) => page.Parameters ?? [])
    .flatMap(({ Name, Value }) => snapshotIdsIn(Value ?? '').flatMap((id) => named(id, ids, `SSM parameter ${Name}`)))
}

function named(snapshotId: string | undefined, ids: readonly string[], by: string): readonly Reference[] {
  return snapshotId !== undefined && ids.includes(snapshotId) ? [{ snapshotId, by, makesVolumes: true }] : []
}

/** Results of all chunks, one after the other. */
async function inChunks<T>(ids: readonly string[], read: (chunk: string[]) => Promise<readonly T[]>): Promise<readonly T[]> {
  const results: T[] = []
  for (let start = 0; start < ids.length; start += valuesPerFilter) results.push(...(await read(ids.slice(start, start + valuesPerFilter))))
  return results
}
