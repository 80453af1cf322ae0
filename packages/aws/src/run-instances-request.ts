import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import type { BuilderSpec } from '@prebake/snapshot'
import { toTagList } from './tags.ts'

/** The device that Bottlerocket boots from, and the one that holds images and models. */
export const rootDevice = '/dev/xvda'
export const dataDevice = '/dev/xvdb'

/** What EC2 is asked for when a builder is launched. */
export function runInstancesRequest(spec: BuilderSpec): RunInstancesCommandInput {
  const { dataVolume } = spec
  const tags = toTagList(spec.tags)
  return {
    ClientToken: spec.clientToken,
    MinCount: 1,
    MaxCount: 1,
    ImageId: spec.amiId,
    InstanceType: spec.instanceType as NonNullable<RunInstancesCommandInput['InstanceType']>,
    IamInstanceProfile: spec.instanceProfile.startsWith('arn:') ? { Arn: spec.instanceProfile } : { Name: spec.instanceProfile },
    UserData: Buffer.from(spec.userData).toString('base64'),
    // The dead-man timer powers the machine off; this makes that the end of it.
    InstanceInitiatedShutdownBehavior: 'terminate',
    // One hop: everything on the builder that asks for credentials shares the host's network; no pod ever runs there.
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: spec.subnetId,
        AssociatePublicIpAddress: spec.publicAddress,
        DeleteOnTermination: true,
        ...(spec.securityGroupIds.length > 0 && { Groups: [...spec.securityGroupIds] }),
      },
    ],
    // Encryption is not mentioned: the account's default decides, and a restored volume keeps that of its snapshot.
    BlockDeviceMappings: [
      // Not larger: spare room on the root disk can grow a second data partition (bottlerocket#2807).
      { DeviceName: rootDevice, Ebs: { VolumeSize: 4, VolumeType: 'gp3', DeleteOnTermination: true } },
      {
        DeviceName: dataDevice,
        Ebs: {
          VolumeSize: dataVolume.sizeGiB,
          VolumeType: 'gp3',
          Iops: dataVolume.iops,
          Throughput: dataVolume.throughput,
          DeleteOnTermination: true,
          ...(dataVolume.snapshotId !== undefined && { SnapshotId: dataVolume.snapshotId }),
          ...(dataVolume.initializationRate !== undefined && { VolumeInitializationRate: dataVolume.initializationRate }),
        },
      },
    ],
    TagSpecifications: (['instance', 'volume', 'network-interface'] as const).map((ResourceType) => ({ ResourceType, Tags: tags })),
  }
}
