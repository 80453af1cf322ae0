import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { subnets } from '../../src/aws/account.ts'
import { armAmiId, goodLaunch, launch, launchWith } from './launch.ts'
import { query, startAws, type RunningAws } from './start-aws.ts'

let aws: RunningAws
beforeAll(async () => {
  aws = await startAws()
})
afterAll(() => aws.close())

const volume = (name: string) => `BlockDeviceMapping.1.Ebs.${name}`

test.each<[string, Record<string, string | undefined>, string, string?]>([
  ['an image that is not there', { ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound'],
  ['an ID that is none of an image', { ImageId: 'ami-x' }, 'InvalidAMIID.Malformed'],
  ['no image', { ImageId: undefined }, 'MissingParameter'],
  ['a subnet that is not there', { 'NetworkInterface.1.SubnetId': 'subnet-0123456789abcdef0' }, 'InvalidSubnetID.NotFound'],
  ['a subnet beside a network interface', { SubnetId: subnets.public.subnetId }, 'InvalidParameterCombination'],
  ['a security group that is not there', { 'NetworkInterface.1.SecurityGroupId.1': 'sg-0123456789abcdef0' }, 'InvalidGroup.NotFound'],
  ['an instance type that is not there', { InstanceType: 'm99.large' }, 'InvalidParameterValue', 'm99.large'],
  ['a type of another architecture', { InstanceType: 'm7g.2xlarge' }, 'InvalidParameterValue', 'does not match the architecture'],
  ['an image of another architecture', { ImageId: armAmiId }, 'InvalidParameterValue', 'does not match the architecture'],
  ['a profile that is not there', { 'IamInstanceProfile.Name': 'none' }, 'InvalidParameterValue', 'Invalid IAM Instance Profile name'],
  ['a snapshot that is not there', { [volume('SnapshotId')]: 'snap-0123456789abcdef0' }, 'InvalidSnapshot.NotFound'],
  ['more throughput than the IOPS carry', { [volume('Throughput')]: '1001' }, 'InvalidParameterValue', 'too high; maximum is 0.250000'],
  ['more throughput than gp3 has', { [volume('Throughput')]: '2001', [volume('Iops')]: '16000' }, 'InvalidParameterValue', 'Throughput'],
  [
    'a root volume smaller than the image',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/xvda', [volume('VolumeSize')]: '1' },
    'InvalidBlockDeviceMapping',
    'expect size',
  ],
  ['a rate without a snapshot', { [volume('VolumeInitializationRate')]: '300' }, 'InvalidParameterCombination'],
  ['a token that is too long', { ClientToken: 'x'.repeat(65) }, 'InvalidParameterValue'],
  ['tags for what is not created', { 'TagSpecification.1.ResourceType': 'snapshot' }, 'InvalidParameterValue', 'taggable'],
  ['a tag value that is too long', { 'TagSpecification.1.Tag.1.Value': 'x'.repeat(257) }, 'InvalidParameterValue', '256'],
  ['a reserved tag', { 'TagSpecification.1.Tag.1.Key': 'aws:x' }, 'InvalidParameterValue', 'reserved'],
  ['user data that is not base64', { UserData: '[settings]' }, 'InvalidParameterValue', 'BASE64'],
  ['nothing wrong, as a dry run', { DryRun: 'true' }, 'DryRunOperation'],
])('refuses %s', async (_, changes, code, words = '') => {
  const before = aws.instances().length
  const answer = await query(aws.url, 'RunInstances', launchWith({ ClientToken: undefined, ...changes }))
  expect(answer.code).toBe(code)
  expect(answer.body).toContain(words)
  expect(aws.instances()).toHaveLength(before)
})

test('a token makes one instance, and with other parameters an error', async () => {
  const token = { ClientToken: 'once' }
  const first = await launch(aws, token)
  expect(await launch(aws, token)).toBe(first)
  expect(await query(aws.url, 'RunInstances', launchWith({ ...token, InstanceType: 'm7i.2xlarge' }))).toMatchObject({
    code: 'IdempotentParameterMismatch',
  })
  await query(aws.url, 'TerminateInstances', { 'InstanceId.1': first })
  await aws.eventually(() => aws.instances().find(({ instanceId, state }) => instanceId === first && state === 'terminated'))
  // A dead instance does not free its token.
  expect(await launch(aws, token)).toBe(first)
})

test("the image's devices are there beside those that were asked for, and tags where they belong", async () => {
  const tagged = { ...goodLaunch, ClientToken: 'devices', 'TagSpecification.1.ResourceType': 'volume' }
  const instanceId = await launch(aws, tagged)
  const volumes = aws.volumes().filter((candidate) => candidate.instanceId === instanceId)
  expect(volumes).toMatchObject([
    { deviceName: '/dev/xvda', sizeGiB: 2, tags: { 'prebake:run': 'run 1' } },
    { deviceName: '/dev/xvdb', sizeGiB: 150, iops: 4000, throughput: 1000, tags: { 'prebake:run': 'run 1' } },
  ])
  expect(aws.instances().find((instance) => instance.instanceId === instanceId)?.tags).toEqual({})
})
