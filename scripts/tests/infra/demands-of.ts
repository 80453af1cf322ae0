import type { RecordedRequest } from '@prebake/simulator'
import type { Demand } from './judge-iam.ts'

type Tags = Readonly<Record<string, string>>

export interface Account {
  readonly region: string
  readonly accountId: string
  /** The role behind each instance profile has its name. */
  readonly role: string
  /** Of an instance, a volume or a snapshot. */
  readonly tagsOf: (id: string) => Tags
}

interface Parameters {
  readonly Name?: string
  readonly Path?: string
  readonly SourceSnapshotId?: readonly string[]
  readonly ImageId?: string
  readonly VolumeId?: string
  readonly SnapshotId?: readonly string[] | string
  readonly InstanceId?: readonly string[]
  readonly InstanceIds?: readonly string[]
  readonly ResourceId?: readonly string[]
  readonly DocumentName?: string
  readonly Tag?: readonly { readonly Key: string }[]
  readonly BlockDeviceMapping?: readonly { readonly Ebs: { readonly SnapshotId?: string } }[]
  readonly TagSpecification?: readonly {
    readonly ResourceType: string
    readonly Tag: readonly { readonly Key: string; readonly Value: string }[]
  }[]
  readonly name?: string
}

/**
 * What AWS asks IAM for each request (Service Authorization Reference: the tables "Actions" of EC2, Systems Manager and EKS, with the resource types and
 * condition keys of each). Operations without resources ask for `*`.
 */
export function demandsOf({ operation, parameters }: RecordedRequest, account: Account): readonly Demand[] {
  const given = parameters as Parameters
  const { region, accountId, role } = account
  const ec2 = (type: string, id: string) => `arn:aws:ec2:${region}:${['image', 'snapshot'].includes(type) ? '' : accountId}:${type}/${id}`
  const tagged = (prefix: string, tags: Tags) => Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]))
  const owned = (id: string) => tagged('aws:ResourceTag', account.tagsOf(id))
  const requested = (type: string): Tags =>
    Object.fromEntries(
      (given.TagSpecification ?? [])
        .filter(({ ResourceType }) => ResourceType === type)
        .flatMap(({ Tag }) => Tag.map(({ Key, Value }) => [Key, Value])),
    )
  const making = (type: string, action: string): Demand[] => {
    const tags = requested(type)
    const context = tagged('aws:RequestTag', tags)
    const tagging = { action: 'ec2:CreateTags', resource: ec2(type, 'new'), context: { ...context, 'ec2:CreateAction': action } }
    return [{ action: `ec2:${action}`, resource: ec2(type, 'new'), context }, ...(Object.keys(tags).length > 0 ? [tagging] : [])]
  }

  // A dry run asks for the same.
  const asked = operation.replace(' (dry run)', '')
  switch (asked) {
    case 'RunInstances': {
      const from = [ec2('image', given.ImageId ?? ''), ec2('subnet', 'subnet-0'), ec2('security-group', 'sg-0')]
      const snapshots = (given.BlockDeviceMapping ?? []).flatMap(({ Ebs }) => Ebs.SnapshotId ?? []).map((id) => ec2('snapshot', id))
      return [
        ...[...from, ...snapshots].map((resource) => ({ action: 'ec2:RunInstances', resource, context: {} })),
        ...['instance', 'volume', 'network-interface'].flatMap((type) => making(type, 'RunInstances')),
        {
          action: 'iam:PassRole',
          resource: `arn:aws:iam::${accountId}:role/${role}`,
          context: { 'iam:PassedToService': 'ec2.amazonaws.com' },
        },
      ]
    }
    case 'CreateSnapshot':
      return [
        { action: 'ec2:CreateSnapshot', resource: ec2('volume', given.VolumeId ?? ''), context: owned(given.VolumeId ?? '') },
        ...making('snapshot', 'CreateSnapshot'),
      ]
    case 'StopInstances':
    case 'TerminateInstances':
      return (given.InstanceId ?? []).map((id) => ({ action: `ec2:${asked}`, resource: ec2('instance', id), context: owned(id) }))
    case 'DeleteSnapshot':
      return [given.SnapshotId ?? []]
        .flat()
        .map((id) => ({ action: 'ec2:DeleteSnapshot', resource: ec2('snapshot', id), context: owned(id) }))
    case 'DisableFastSnapshotRestores':
      return (given.SourceSnapshotId ?? []).map((id) => ({ action: `ec2:${asked}`, resource: ec2('snapshot', id), context: owned(id) }))
    case 'DeleteVolume':
      return [{ action: 'ec2:DeleteVolume', resource: ec2('volume', given.VolumeId ?? ''), context: owned(given.VolumeId ?? '') }]
    case 'GetParametersByPath':
      return [{ action: `ssm:${asked}`, resource: `arn:aws:ssm:${region}:${accountId}:parameter${given.Path}`, context: {} }]
    case 'CreateTags':
    case 'DeleteTags':
      return (given.ResourceId ?? []).map((id) => ({
        action: `ec2:${asked}`,
        resource: ec2('snapshot', id),
        context: { ...owned(id), ...(given.Tag && { 'aws:TagKeys': given.Tag.map(({ Key }) => Key) }) },
      }))
    case 'SendCommand':
      return [
        { action: 'ssm:SendCommand', resource: `arn:aws:ssm:${region}::document/${given.DocumentName}`, context: {} },
        ...(given.InstanceIds ?? []).map((id) => ({
          action: 'ssm:SendCommand',
          resource: ec2('instance', id),
          context: tagged('ssm:resourceTag', account.tagsOf(id)),
        })),
      ]
    case 'GetParameter':
      return [{ action: 'ssm:GetParameter', resource: `arn:aws:ssm:${region}::parameter${given.Name}`, context: {} }]
    case 'DescribeCluster':
      return [{ action: 'eks:DescribeCluster', resource: `arn:aws:eks:${region}:${accountId}:cluster/${given.name}`, context: {} }]
    case 'GetServiceQuota':
      return [{ action: 'servicequotas:GetServiceQuota', resource: '*', context: {} }]
    case 'GetCallerIdentity':
      return [{ action: 'sts:GetCallerIdentity', resource: '*', context: {} }]
    case 'DescribeInstanceInformation':
    case 'GetCommandInvocation':
      return [{ action: `ssm:${asked}`, resource: '*', context: {} }]
    default:
      return [{ action: `ec2:${asked}`, resource: '*', context: {} }]
  }
}
