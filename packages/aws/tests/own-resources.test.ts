import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateVolumeCommand,
  EC2Client,
  EnableFastSnapshotRestoresCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { connectAws, type AwsConnection } from '../src/index.ts'
import { bootVolume } from './boot-volume.ts'

const { signal } = new AbortController()
const region = 'us-west-2'
let simulator: Simulator
let aws: AwsConnection
let ec2: EC2Client
let ssm: SSMClient
let volumeId: string

beforeAll(async () => {
  simulator = await startSimulator({ rate: 1200 })
  aws = await connectAws({ region, account: simulator.account })
  ec2 = new EC2Client({ region, ...simulator.account })
  ssm = new SSMClient({ region, ...simulator.account })
  volumeId = await bootVolume(simulator)
})
afterAll(() => simulator.stop())

async function takeSnapshot(tags: Record<string, string> = { 'prebake:run': 'r' }): Promise<string> {
  const { snapshotId } = await aws.snapshots.create(volumeId, 'test', tags, signal)
  while ((await aws.snapshots.get(snapshotId, signal))?.state !== 'completed') await simulator.sleep(20)
  return snapshotId
}
const mapping = (SnapshotId: string) => [{ DeviceName: '/dev/xvdb', Ebs: { SnapshotId } }]
const namedBy = async (title: string, ids: readonly string[]) => {
  const sources = [...aws.snapshotReferences, aws.parameterReferences('/')]
  const found = await sources.find((each) => each.title.startsWith(title))?.find(ids, signal)
  return found?.map(({ snapshotId, by, makesVolumes }) => [snapshotId, by, makesVolumes])
}

test('only what carries the project’s tag is listed', async () => {
  const [mine, other] = [await takeSnapshot(), await takeSnapshot({ team: 'x' })]
  const ids = (await aws.ownResources.snapshots(signal)).map(({ snapshotId }) => snapshotId)
  expect(ids).toContain(mine)
  expect(ids).not.toContain(other)
  expect((await aws.ownResources.builders(signal)).map(({ tags }) => tags['prebake:run'])).toEqual(['test'])
  expect((await aws.ownResources.snapshots(signal))[0]?.storedGiB).toBeCloseTo(45)
})

test('every version of a launch template counts, and pages are followed', async () => {
  const [first, middle, last, plain] = [await takeSnapshot(), await takeSnapshot(), await takeSnapshot(), await takeSnapshot()]
  const data = (id: string) => ({ LaunchTemplateData: { BlockDeviceMappings: mapping(id) } })
  const created = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'pool', ...data(first) }))
  const id = created.LaunchTemplate?.LaunchTemplateId ?? ''
  for (const each of [middle, last]) await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, ...data(each) }))
  // More than one page of templates, each without further versions.
  for (let count = 0; count < 210; count += 1)
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: `t${count}`, LaunchTemplateData: { ImageId: 'ami-0' } }))
  const before = simulator.requests().length
  const found = await namedBy('launch templates', [first, middle, last, plain])
  expect(found).toHaveLength(3)
  expect(found).toEqual(
    expect.arrayContaining([first, middle, last].map((each, index) => [each, `launch template ${id}, version ${index + 1}`, true])),
  )
  expect(simulator.requests().slice(before)).toHaveLength(5)
})

test('volumes, images and parameters name snapshots, and the snapshot of an image is in use', async () => {
  const [first, second] = [await takeSnapshot(), await takeSnapshot()]
  const volume = await ec2.send(new CreateVolumeCommand({ SnapshotId: first, AvailabilityZone: `${region}a`, VolumeType: 'gp3' }))
  const image = await ec2.send(new RegisterImageCommand({ Name: 'golden', BlockDeviceMappings: mapping(second) }))
  await ssm.send(new PutParameterCommand({ Name: '/vllm/snapshot', Value: JSON.stringify({ id: first }), Type: 'String' }))
  for (let count = 0; count < 15; count += 1) await ssm.send(new PutParameterCommand({ Name: `/a/${count}`, Value: 'x', Type: 'String' }))
  await simulator.sleep(5)
  expect(await namedBy('volumes', [first, second])).toEqual([[first, `volume ${volume.VolumeId}`, false]])
  expect(await namedBy('machine images', [first, second])).toEqual([[second, `machine image ${image.ImageId}`, true]])
  expect(await namedBy('SSM', [first, second])).toEqual([[first, 'SSM parameter /vllm/snapshot', true]])
  expect(await aws.ownResources.deleteSnapshot(second, signal)).toEqual({ outcome: 'in-use', reason: expect.stringContaining('in use') })
  expect(await aws.ownResources.deleteSnapshot(first, signal)).toEqual({ outcome: 'deleted' })
  expect(await aws.ownResources.deleteSnapshot(first, signal)).toEqual({ outcome: 'deleted' })
})

test('however many snapshots there are, they are asked about in filters of 200', async () => {
  const ids = Array.from({ length: 450 }, (_, index) => `snap-${index.toString(16).padStart(17, '0')}`)
  const before = simulator.requests().length
  expect(await namedBy('volumes', ids)).toEqual([])
  expect(await namedBy('machine images', ids)).toEqual([])
  expect(simulator.requests().slice(before)).toHaveLength(6)
})

test('loose volumes are deleted, attached ones are refused', async () => {
  const tags = [{ ResourceType: 'volume' as const, Tags: [{ Key: 'prebake:run', Value: 'r' }] }]
  const loose = await ec2.send(new CreateVolumeCommand({ Size: 10, AvailabilityZone: `${region}a`, TagSpecifications: tags }))
  await simulator.sleep(5)
  expect(await aws.ownResources.looseVolumes(signal)).toEqual([{ volumeId: loose.VolumeId, sizeGiB: 10, tags: { 'prebake:run': 'r' } }])
  await aws.ownResources.deleteVolume(loose.VolumeId ?? '', signal)
  expect(await aws.ownResources.looseVolumes(signal)).toEqual([])
  await expect(aws.ownResources.deleteVolume(volumeId, signal)).rejects.toMatchObject({ code: 'VolumeInUse' })
})

test('a restore is turned off once; the refusal within an answer is an error', async () => {
  const snapshotId = await takeSnapshot()
  const zones = { SourceSnapshotIds: [snapshotId], AvailabilityZones: [`${region}a`] }
  await ec2.send(new EnableFastSnapshotRestoresCommand(zones))
  const restore = { snapshotId, zone: `${region}a` }
  expect(await aws.ownResources.fastRestores(signal)).toEqual([restore])
  await aws.ownResources.disableFastRestore(restore, signal)
  expect(await aws.ownResources.fastRestores(signal)).toEqual([])
  await expect(aws.ownResources.disableFastRestore(restore, signal)).rejects.toMatchObject({ errorCode: 'aws-request-failed' })
})
