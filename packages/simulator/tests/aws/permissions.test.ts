import { afterEach, expect, test } from '@jest/globals'
import { launch, launchWith } from './launch.ts'
import { query, ssm, startAws, type RunningAws } from './start-aws.ts'

let aws: RunningAws
afterEach(() => aws.close())

const missing = 'snap-0123456789abcdef0'

test('a dry run of what is allowed changes nothing, and says that it would have', async () => {
  aws = await startAws()
  const { instanceId, volumeId } = await running()
  for (const [action, parameters] of [
    ['DescribeSnapshots', {}],
    ['StopInstances', { 'InstanceId.1': instanceId }],
    ['TerminateInstances', { 'InstanceId.1': instanceId }],
    ['CreateSnapshot', { VolumeId: volumeId }],
    ['CreateTags', { 'ResourceId.1': instanceId, 'Tag.1.Key': 'a', 'Tag.1.Value': 'b' }],
  ] as const)
    expect(await query(aws.url, action, { ...parameters, DryRun: 'true' })).toMatchObject({ status: 412, code: 'DryRunOperation' })
  expect(aws.snapshots()).toEqual([])
  expect(aws.instances()).toMatchObject([{ state: 'running', tags: { 'prebake:run': 'run 1' } }])
})

test('a dry run on what does not exist says so, and nothing of permissions', async () => {
  aws = await startAws({ denied: ['ec2:DeleteSnapshot'] })
  expect(await query(aws.url, 'DeleteSnapshot', { SnapshotId: missing, DryRun: 'true' })).toMatchObject({
    code: 'InvalidSnapshot.NotFound',
  })
})

test.each<[denied: string, action: string]>([
  ['ec2:RunInstances', 'RunInstances'],
  ['ec2:CreateTags', 'RunInstances'],
  ['iam:PassRole', 'RunInstances'],
  ['ec2:DescribeSnapshots', 'DescribeSnapshots'],
])('without %s, %s is refused in EC2’s words, dry or not', async (denied, action) => {
  aws = await startAws({ denied: [denied] })
  for (const DryRun of ['true', 'false']) {
    const { status, code, body } = await query(aws.url, action, action === 'RunInstances' ? launchWith({ DryRun }) : { DryRun })
    expect({ status, code }).toEqual({ status: 403, code: 'UnauthorizedOperation' })
    expect(body).toContain(`assumed-role/prebake-build/simulation is not authorized to perform: ${denied} on resource: arn:aws:`)
    expect(body).toMatch(/Encoded authorization failure message: [\w-]{500,}/)
  }
  expect(aws.instances()).toEqual([])
})

test('a permission that is lost is lost for SSM too', async () => {
  aws = await startAws()
  const ask = () => ssm(aws.url, 'DescribeInstanceInformation', {})
  expect((await ask()).status).toBe(200)
  await aws.disturb({ kind: 'permission-lost', action: 'ssm:DescribeInstanceInformation' })
  expect(await ask()).toEqual({
    status: 400,
    body: { __type: 'AccessDeniedException', message: expect.stringContaining('ssm:DescribeInstanceInformation') },
  })
})

test('a session that has ended is refused in the words of each service', async () => {
  aws = await startAws()
  await aws.disturb({ kind: 'credentials-expired' })
  expect(await query(aws.url, 'DescribeInstances')).toMatchObject({ status: 400, code: 'RequestExpired' })
  expect(await ssm(aws.url, 'GetParameter', { Name: 'x' })).toMatchObject({ status: 400, body: { __type: 'ExpiredTokenException' } })
})

async function running(): Promise<{ instanceId: string; volumeId: string }> {
  const instanceId = await launch(aws)
  return aws.eventually(() => {
    const [instance] = aws.instances()
    const volumeId = instance?.devices.find(({ deviceName }) => deviceName === '/dev/xvdb')?.volumeId
    return instance?.state === 'running' && volumeId !== undefined ? { instanceId, volumeId } : undefined
  })
}
