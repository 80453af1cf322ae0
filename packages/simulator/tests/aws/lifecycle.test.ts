import { readFile } from 'node:fs/promises'
import { afterEach, expect, test } from '@jest/globals'
import { subnets } from '../../src/aws/account.ts'
import { encode, launch, launchWith } from './launch.ts'
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
const online = (instanceId: string) => aws.eventually(async () => (await pingStatus(instanceId)) === 'Online' || undefined)

async function run(instanceId: string, line: string): Promise<string> {
  const sent = await ssm(aws.url, 'SendCommand', {
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: [instanceId],
    Parameters: { commands: [line] },
  })
  const { CommandId } = sent.body['Command'] as { CommandId: string }
  const ended = await aws.eventually(async () => {
    const { body } = await ssm(aws.url, 'GetCommandInvocation', { InstanceId: instanceId, CommandId })
    return body['Status'] === 'Success' ? body : undefined
  })
  return ended['StandardOutputContent'] as string
}

test('a data volume outlives its instance as a snapshot, and is there again on another', async () => {
  aws = await startAws()
  const baker = await launch(aws)
  await online(baker)
  await run(baker, 'echo weights > model')
  await query(aws.url, 'StopInstances', one(baker))
  expect(await pingStatus(baker)).toBe('ConnectionLost')
  await reached(baker, 'stopped')

  const volumeId = instance(baker)?.devices.find(({ deviceName }) => deviceName === '/dev/xvdb')?.volumeId ?? ''
  const created = await query(aws.url, 'CreateSnapshot', { VolumeId: volumeId })
  const snapshotId = /<snapshotId>(.*?)</.exec(created.body)?.[1] ?? ''
  await query(aws.url, 'TerminateInstances', one(baker))
  await reached(baker, 'terminated')
  expect(aws.volumes()).toEqual([])

  const restore = { ClientToken: 'restore', 'BlockDeviceMapping.1.Ebs.SnapshotId': snapshotId }
  expect(await query(aws.url, 'RunInstances', launchWith(restore))).toMatchObject({ code: 'IncorrectState' })
  await aws.eventually(() => aws.snapshots().find(({ state }) => state === 'completed'))
  const smaller = launchWith({ ...restore, 'BlockDeviceMapping.1.Ebs.VolumeSize': '149' })
  expect(await query(aws.url, 'RunInstances', smaller)).toMatchObject({ code: 'InvalidBlockDeviceMapping' })
  const checker = await launch(aws, { ...restore, 'BlockDeviceMapping.1.Ebs.VolumeInitializationRate': '300' })
  await online(checker)
  expect(await run(checker, 'cat model')).toBe('weights\n')
})

test('a snapshot holds the data of the moment, and grows to completion', async () => {
  aws = await startAws()
  const baker = await launch(aws)
  await online(baker)
  await run(baker, 'echo before > model')
  const volumeId = instance(baker)?.devices.find(({ deviceName }) => deviceName === '/dev/xvdb')?.volumeId ?? ''
  await query(aws.url, 'CreateSnapshot', { VolumeId: volumeId })
  await run(baker, 'echo after > model')
  const [snapshot] = aws.snapshots()
  expect(await readFile(`${aws.folder}/${snapshot?.snapshotId}/model`, 'utf8')).toBe('before\n')

  await aws.clock.advance(150)
  expect(aws.snapshots()).toMatchObject([{ state: 'pending' }])
  const progress = aws.snapshots()[0]?.progress ?? 0
  expect(progress).toBeGreaterThan(30)
  expect(progress).toBeLessThan(60)
  await aws.clock.advance(300)
  expect(aws.snapshots()).toMatchObject([{ state: 'completed', progress: 100 }])
  await query(aws.url, 'DeleteSnapshot', { SnapshotId: snapshot?.snapshotId ?? '' })
  expect(await query(aws.url, 'DescribeSnapshots', { 'SnapshotId.1': snapshot?.snapshotId ?? '' })).toMatchObject({
    code: 'InvalidSnapshot.NotFound',
  })
})

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

test.each([
  ['terminate', 'terminated'],
  ['stop', 'stopped'],
] as const)('an instance that powers itself off does what its launch said: %s', async (behavior, state) => {
  aws = await startAws()
  const instanceId = await launch(aws, { InstanceInitiatedShutdownBehavior: behavior })
  await online(instanceId)
  await ssm(aws.url, 'SendCommand', {
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: [instanceId],
    Parameters: { commands: ['poweroff'] },
  })
  await reached(instanceId, state)
  expect(instance(instanceId)?.stateReason?.code).toBe('Client.InstanceInitiatedShutdown')
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
