import type { RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import type { BuilderSpec } from '@prebake/snapshot'
import { toTagList } from './tags.ts'

/** Bottlerocket's root device, and the one with images and models. */
export const rootDevice = '/dev/xvda'
export const dataDevice = '/dev/xvdb'

/** The request that launches a builder. */
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
    // So that the power-off by the dead-man switch terminates the instance.
    InstanceInitiatedShutdownBehavior: 'terminate',
    // One hop: every process that needs credentials is on the host's network; the builder never runs a pod.
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
    // Encryption is left out: the account's default applies, and a restored volume keeps its snapshot's.
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
