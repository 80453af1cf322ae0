import { afterEach, expect, test } from '@jest/globals'
import { subnets } from '../../src/aws/account.ts'
import { encode, launch } from './launch.ts'
import { query, ssm, startAws, type RunningAws } from './start-aws.ts'

let aws: RunningAws
afterEach(() => aws.close())

const instance = (instanceId: string) => aws.instances().find((candidate) => candidate.instanceId === instanceId)
const reached = (instanceId: string, state: string) => aws.eventually(() => instance(instanceId)?.state === state || undefined)
const one = (instanceId: string) => ({ 'InstanceId.1': instanceId })

async function pingStatus(instanceId: string): Promise<string | undefined> {
  const { body } = await ssm(aws.url, 'DescribeInstanceInformation', { Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] })
  return (body['InstanceInformationList'] as { PingStatus: string }[])[0]?.PingStatus
}

test.each([
  ['a public subnet, without a public address', { 'NetworkInterface.1.AssociatePublicIpAddress': 'false' }, undefined],
  [
    'a private subnet',
    { 'NetworkInterface.1.SubnetId': subnets.private.subnetId, 'NetworkInterface.1.AssociatePublicIpAddress': 'false' },
    'Online',
  ],
  ['an isolated subnet', { 'NetworkInterface.1.SubnetId': subnets.isolated.subnetId }, undefined],
  ['a public subnet, without a role', { 'IamInstanceProfile.Name': undefined }, undefined],
  ['a role that may not read ECR, where the control container comes from', { 'IamInstanceProfile.Name': 'without-registry' }, undefined],
  ['a role without the agent’s policy', { 'IamInstanceProfile.Name': 'without-agent' }, undefined],
  ['user data that is not TOML', { UserData: encode('[settings\n') }, undefined],
  ['the documented role, and a host that asks EC2 for its name', { UserData: encode('') }, undefined],
  [
    'the same, said in the user data',
    { UserData: encode('[settings.kubernetes]\nhostname-override-source = "private-dns-name"\n') },
    undefined,
  ],
  ['a host that has its name from the user data', { UserData: encode('[settings.kubernetes]\nhostname-override = "builder"\n') }, 'Online'],
  ['a node’s role, which may ask EC2 for the name', { UserData: encode(''), 'IamInstanceProfile.Name': 'eks-node' }, 'Online'],
])('who reaches SSM: %s', async (_, changes, status) => {
  aws = await startAws()
  const instanceId = await launch(aws, changes)
  let seen: string | undefined
  for (let second = 0; second < 600 && seen === undefined; second++) {
    await aws.clock.advance(1)
    seen = await pingStatus(instanceId)
  }
  expect(instance(instanceId)?.state).toBe('running')
  expect(seen).toBe(status)
})

test('what was just created does not show at once', async () => {
  aws = await startAws({ describeLagSeconds: 2 })
  const instanceId = await launch(aws)
  const byTag = { 'Filter.1.Name': 'tag:prebake:run', 'Filter.1.Value.1': 'run 1' }
  expect(await query(aws.url, 'DescribeInstances', one(instanceId))).toMatchObject({ code: 'InvalidInstanceID.NotFound' })
  expect((await query(aws.url, 'DescribeInstances', byTag)).body).not.toContain(instanceId)
  await aws.clock.advance(2)
  expect((await query(aws.url, 'DescribeInstances', byTag)).body).toContain(instanceId)
})

test('which states can be stopped and terminated', async () => {
  aws = await startAws()
  const instanceId = await launch(aws)
  expect(await query(aws.url, 'StopInstances', one(instanceId))).toMatchObject({ code: 'IncorrectInstanceState' })
  expect(await query(aws.url, 'TerminateInstances', one(instanceId))).toMatchObject({ status: 200 })
  expect(await query(aws.url, 'StopInstances', one(instanceId))).toMatchObject({ code: 'IncorrectInstanceState' })
  await reached(instanceId, 'terminated')
  expect(await query(aws.url, 'TerminateInstances', one(instanceId))).toMatchObject({ status: 200 })
  const { body } = await query(aws.url, 'DescribeInstances', one(instanceId))
  expect(body).toContain('<stateReason><code>Client.UserInitiatedShutdown</code>')
  expect(body).toContain('<blockDeviceMapping></blockDeviceMapping>')
  expect(await query(aws.url, 'TerminateInstances', one('i-0123456789abcdef0'))).toMatchObject({ code: 'InvalidInstanceID.NotFound' })
})

test('an instance whose volume has a key that cannot be used ends right after its launch', async () => {
  aws = await startAws()
  const key = { 'BlockDeviceMapping.1.Ebs.Encrypted': 'true', 'BlockDeviceMapping.1.Ebs.KmsKeyId': 'alias/gone' }
  const instanceId = await launch(aws, key)
  await reached(instanceId, 'terminated')
  expect(instance(instanceId)?.stateReason?.code).toBe('Client.InvalidKMSKey.InvalidState')
})
