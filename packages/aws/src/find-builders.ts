import { paginateDescribeInstances, type DescribeInstancesCommandInput, type EC2Client, type Instance } from '@aws-sdk/client-ec2'
import { PrebakeError } from '@prebake/kernel'
import type { BuilderState } from '@prebake/snapshot'
import { builderState } from './builder-state.ts'
import { callPages, onErrorCode } from './call.ts'
import type { AwsErrorCode } from './error-codes.ts'
import { dataDevice } from './run-instances-request.ts'
import { tagFilters } from './tags.ts'

const alive = ['pending', 'running', 'shutting-down', 'stopping', 'stopped']

/** Every instance with all of these tags that is not yet terminated. */
export async function findBuilders(
  ec2: EC2Client,
  tags: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly BuilderState[]> {
  const Filters = [...tagFilters(tags), { Name: 'instance-state-name', Values: alive }]
  return (await instances(ec2, { Filters }, signal)).map(builderState)
}

/** Undefined while EC2 does not know the instance: shortly after its launch, and an hour after its termination. */
export async function getBuilder(ec2: EC2Client, instanceId: string, signal: AbortSignal): Promise<BuilderState | undefined> {
  const instance = await one(ec2, instanceId, signal)
  return instance && builderState(instance)
}

/**
 * The volume attached as the data device, found by name, because the order of the mappings is undefined.
 * @throws PrebakeError if there is none
 */
export async function dataVolumeOf(ec2: EC2Client, instanceId: string, signal: AbortSignal): Promise<string> {
  const instance = await one(ec2, instanceId, signal)
  const volumeId = instance?.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === dataDevice)?.Ebs?.VolumeId
  if (volumeId !== undefined) return volumeId
  const found = instance
    ? `its state is ${instance.State?.Name ?? 'unknown'}, and no volume is attached as ${dataDevice}`
    : 'there is no such instance'
  throw new PrebakeError(`Find the data volume of ${instanceId}: ${found}.`, {
    code: 'data-volume-missing' satisfies AwsErrorCode,
    hint: 'Something else terminated the builder or detached its volume. Check CloudTrail, then run the build again.',
  })
}

async function one(ec2: EC2Client, instanceId: string, signal: AbortSignal): Promise<Instance | undefined> {
  const found = await instances(ec2, { InstanceIds: [instanceId] }, signal).catch(onErrorCode(['InvalidInstanceID.NotFound'], []))
  return found[0]
}

async function instances(ec2: EC2Client, input: DescribeInstancesCommandInput, signal: AbortSignal): Promise<Instance[]> {
  const pages = await callPages('ec2:DescribeInstances', signal, (options) => paginateDescribeInstances({ client: ec2 }, input, options))
  return pages.flatMap((page) => page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? [])
}
