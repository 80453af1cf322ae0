import {
  CreateSnapshotCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2'
import { DescribeInstanceInformationCommand, GetCommandInvocationCommand, GetParameterCommand } from '@aws-sdk/client-ssm'
import { InputError, ServiceError } from '@prebake/kernel'
import type { PermissionCheck, Permissions } from '@prebake/snapshot'
import { tagKeys } from '@prebake/snapshot-record'
import { call } from './call.ts'
import type { Clients } from './clients.ts'
import { launchRefused } from './launch-builder.ts'
import { runInstancesRequest } from './run-instances-request.ts'
import { isDenied } from './service-error.ts'
import { createSnapshotRequest } from './snapshots.ts'
import { tagFilters, toTagList } from './tags.ts'

const DryRun = true
/** IDs that do not exist: SSM says so to a caller with the permission. */
const unknown = { InstanceId: 'i-00000000000000000', CommandId: '00000000-0000-4000-8000-000000000000' }
const verdictTags = toTagList({ [tagKeys.verified]: 'quick' })

/** The launch itself then tries other zones. */
const aboutOneZone = /^(Unsupported|Insufficient)/

type Send = (options: { abortSignal: AbortSignal }) => Promise<unknown>

/**
 * Checks EC2 by dry runs, and SSM, which has none, by reads. A dry run always uses an existing resource and the tags of the real call: the policies of
 * deploy/infra depend on tags, and for a made-up resource EC2's answer says nothing about permissions.
 */
export function createPermissions({ ec2, ssm }: Pick<Clients, 'ec2' | 'ssm'>): Permissions {
  const checkTags = (snapshotId: string, signal: AbortSignal) =>
    check('ec2:CreateTags', signal, (options) =>
      ec2.send(new CreateTagsCommand({ Resources: [snapshotId], Tags: verdictTags, DryRun }), options),
    )
  return {
    checkReads: (signal) =>
      Promise.all([
        check('ec2:DescribeInstances', signal, (options) => ec2.send(new DescribeInstancesCommand({ DryRun }), options)),
        check('ec2:DescribeSnapshots', signal, (options) => ec2.send(new DescribeSnapshotsCommand({ DryRun }), options)),
        check('ec2:DescribeSubnets', signal, (options) => ec2.send(new DescribeSubnetsCommand({ DryRun }), options)),
        check('ec2:DescribeRouteTables', signal, (options) => ec2.send(new DescribeRouteTablesCommand({ DryRun }), options)),
        check('ec2:DescribeVpcEndpoints', signal, (options) => ec2.send(new DescribeVpcEndpointsCommand({ DryRun }), options)),
        check('ssm:GetParameter', signal, (options) =>
          ssm.send(new GetParameterCommand({ Name: '/aws/service/bottlerocket/none' }), options),
        ),
        check('ssm:DescribeInstanceInformation', signal, (options) =>
          ssm.send(new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [unknown.InstanceId] }] }), options),
        ),
        check('ssm:GetCommandInvocation', signal, (options) => ssm.send(new GetCommandInvocationCommand(unknown), options)),
      ]),
    async checkLaunch(spec, signal) {
      // The token is reserved for the launch itself.
      const command = new RunInstancesCommand({ ...runInstancesRequest(spec), ClientToken: undefined, DryRun })
      return [
        await check(
          'ec2:RunInstances',
          signal,
          (options) => ec2.send(command, options),
          (error) => {
            const refused = launchRefused(error, spec)
            if (refused instanceof InputError && !aboutOneZone.test(error.code)) throw refused
          },
        ),
      ]
    },
    checkBuilder: (instanceId, volumeId, tags, signal) =>
      Promise.all([
        check('ec2:StopInstances', signal, (options) => ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId], DryRun }), options)),
        check('ec2:TerminateInstances', signal, (options) =>
          ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId], DryRun }), options),
        ),
        check('ec2:CreateSnapshot', signal, (options) =>
          ec2.send(new CreateSnapshotCommand({ ...createSnapshotRequest(volumeId, 'prebake', tags), DryRun }), options),
        ),
      ]),
    checkSnapshot: async (snapshotId, signal) => [await checkTags(snapshotId, signal)],
    async checkEarlierSnapshot(tags, signal) {
      const found = await findEarlier(ec2, tags, signal)
      const unchecked = (action: string, reason: string): PermissionCheck => ({ action, verdict: 'unchecked', reason })
      if ('reason' in found) return ['ec2:CreateTags', 'ec2:DeleteSnapshot'].map((action) => unchecked(action, found.reason))
      const command = new DeleteSnapshotCommand({ SnapshotId: found.snapshotId, DryRun })
      return Promise.all([
        checkTags(found.snapshotId, signal),
        check('ec2:DeleteSnapshot', signal, (options) => ec2.send(command, options)),
      ])
    },
  }
}

/** Errors about resources that do not exist: only a caller with the permission gets them. */
const nothingThere = ['ParameterNotFound', 'InvocationDoesNotExist', 'InvalidCommandId']

async function check(
  action: string,
  signal: AbortSignal,
  send: Send,
  otherwise: (error: ServiceError) => void = () => undefined,
): Promise<PermissionCheck> {
  try {
    await call(action, signal, send)
    return { action, verdict: 'allowed' }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    if (error.code === 'DryRunOperation' || nothingThere.includes(error.code)) return { action, verdict: 'allowed' }
    if (isDenied(error.code)) return { action, verdict: 'refused', refusal: error }
    otherwise(error)
    return { action, verdict: 'unchecked', reason: error.message.replace(/\.$/, '') }
  }
}

/** A snapshot of an earlier build that also has these tags, because a policy may depend on them. */
async function findEarlier(
  ec2: EC2Client,
  tags: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ readonly snapshotId: string } | { readonly reason: string }> {
  const Filters = [{ Name: 'tag-key', Values: [tagKeys.run] }, ...(Object.keys(tags).length > 0 ? tagFilters(tags) : [])]
  const command = new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters })
  try {
    const { Snapshots = [] } = await call('ec2:DescribeSnapshots', signal, (options) => ec2.send(command, options))
    const snapshotId = Snapshots[0]?.SnapshotId
    return snapshotId === undefined ? { reason: 'there is no snapshot of an earlier build to check it with' } : { snapshotId }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return { reason: error.message.replace(/\.$/, '') }
  }
}
