import { expect, test } from '@jest/globals'
import { runInstancesRequest } from '../src/run-instances-request.ts'
import { builderSpec } from './builder-spec.ts'

test('asks for a builder that ends when it is shut down, and keeps nothing', () => {
  expect(runInstancesRequest(builderSpec)).toEqual({
    ClientToken: 'token-1',
    MinCount: 1,
    MaxCount: 1,
    ImageId: 'ami-0123456789abcdef0',
    InstanceType: 'm6i.2xlarge',
    IamInstanceProfile: { Name: 'prebake-builder' },
    UserData:
      'W3NldHRpbmdzLmhvc3QtY29udGFpbmVycy5hZG1pbl0KZW5hYmxlZCA9IHRydWUKW3NldHRpbmdzLmt1YmVybmV0ZXNdCmhvc3RuYW1lLW92ZXJyaWRlLXNvdXJjZSA9ICJpbnN0YW5jZS1pZCIK',
    InstanceInitiatedShutdownBehavior: 'terminate',
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: 'subnet-0123456789abcdef0',
        AssociatePublicIpAddress: true,
        DeleteOnTermination: true,
        Groups: ['sg-0123456789abcdef0'],
      },
    ],
    BlockDeviceMappings: [
      { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 4, VolumeType: 'gp3', DeleteOnTermination: true } },
      { DeviceName: '/dev/xvdb', Ebs: { VolumeSize: 150, VolumeType: 'gp3', Iops: 4000, Throughput: 1000, DeleteOnTermination: true } },
    ],
    TagSpecifications: ['instance', 'volume', 'network-interface'].map((ResourceType) => ({
      ResourceType,
      Tags: [
        { Key: 'prebake.dev/run', Value: 'run-1' },
        { Key: 'Name', Value: 'prebake builder' },
      ],
    })),
  })
})

test('restores the data volume from a snapshot at a given rate', () => {
  const dataVolume = { ...builderSpec.dataVolume, snapshotId: 'snap-1', initializationRate: 300 }
  const request = runInstancesRequest({ ...builderSpec, dataVolume })
  expect(request.BlockDeviceMappings?.[1]?.Ebs).toMatchObject({ SnapshotId: 'snap-1', VolumeInitializationRate: 300 })
})

test('takes an instance profile’s ARN, and the VPC’s default group where none is given', () => {
  const arn = 'arn:aws:iam::123456789012:instance-profile/builder'
  const request = runInstancesRequest({ ...builderSpec, instanceProfile: arn, securityGroupIds: [], publicAddress: false })
  expect(request.IamInstanceProfile).toEqual({ Arn: arn })
  expect(request.NetworkInterfaces?.[0]).not.toHaveProperty('Groups')
  expect(request.NetworkInterfaces?.[0]?.AssociatePublicIpAddress).toBe(false)
})
