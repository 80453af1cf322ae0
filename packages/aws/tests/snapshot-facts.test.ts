import { DisableFastSnapshotRestoresCommand, EC2Client, EnableFastSnapshotRestoresCommand, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { kmsKeyArn, startSimulator, type Simulator } from '@prebake/simulator'
import { readRecord } from '@prebake/snapshot-record'
import { connectAws } from '../src/index.ts'
import { answerServer, ec2Error } from './answer-server.ts'
import { reach, validSpec } from './launch-test-builder.ts'
import { eventually, patienceMs, type World } from './world.ts'

const { signal } = new AbortController()
const digest = `sha256:${'0'.repeat(64)}`
const tags = {
  'prebake:fingerprint': 'f',
  'prebake:model': 'owner/name',
  'prebake:revision': 'c0ffee',
  'prebake:architecture': 'x86_64',
  'prebake:bottlerocket': '1.57.0',
  'prebake:containerd': '2',
  'prebake:verified': 'quick',
  'prebake:image-1': `docker.io/vllm/vllm-openai@${digest}`,
  'prebake:image-2': `public.ecr.aws/a/b@${digest}`,
}

let simulator: Simulator
let world: World
beforeAll(async () => {
  simulator = await startSimulator({ rate: 600 })
  const aws = await connectAws({ region: 'us-west-2', account: simulator.account })
  world = {
    aws,
    rate: Number(simulator.environment['PREBAKE_CLOCK_RATE']),
    kubernetesVersion: '1.34',
    bottlerocketVersion: 'latest',
    instanceProfile: 'prebake-builder',
    close: () => simulator.stop(),
  }
})
afterAll(() => world.close())

test(
  'an encrypted snapshot of a build, with its key, its tags as facts, and Fast Snapshot Restore turned on and off',
  async () => {
    const { builders, snapshots, snapshotFacts } = world.aws
    const spec = await validSpec(world)
    const ec2 = new EC2Client({
      region: 'us-west-2',
      endpoint: simulator.endpoints.aws,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    })
    const launched = await ec2.send(
      new RunInstancesCommand({
        ImageId: spec.amiId,
        InstanceType: 'm6i.2xlarge',
        SubnetId: spec.subnetId,
        MinCount: 1,
        MaxCount: 1,
        BlockDeviceMappings: [
          {
            DeviceName: '/dev/xvdb',
            Ebs: { VolumeSize: 150, VolumeType: 'gp3', Encrypted: true, KmsKeyId: kmsKeyArn, DeleteOnTermination: true },
          },
        ],
      }),
    )
    const instanceId = launched.Instances?.[0]?.InstanceId ?? ''
    await reach(world, instanceId, 'running')
    const { snapshotId } = await snapshots.create(await builders.dataVolume(instanceId, signal), '', tags, signal)
    const completed = await eventually(world, 'completion', async () => {
      const seen = await snapshotFacts.describe(snapshotId, signal)
      return seen?.state === 'completed' ? { value: seen } : { state: seen?.state ?? 'unknown' }
    })
    const facts = {
      snapshotId,
      region: 'us-west-2',
      state: 'completed',
      progress: 100,
      volumeSizeGiB: 150,
      encrypted: true,
      keyState: { value: 'Enabled' },
      fastRestoreZones: { value: [] },
      baked: readRecord(tags),
    }
    expect(completed).toEqual(facts)

    const restore = { AvailabilityZones: ['us-west-2a', 'us-west-2b'], SourceSnapshotIds: [snapshotId] }
    await ec2.send(new EnableFastSnapshotRestoresCommand(restore))
    await ec2.send(new DisableFastSnapshotRestoresCommand({ ...restore, AvailabilityZones: ['us-west-2b'] }))
    expect(await snapshotFacts.describe(snapshotId, signal)).toEqual({ ...facts, fastRestoreZones: { value: ['us-west-2a'] } })
    ec2.destroy()
    await builders.terminate(instanceId, signal)
  },
  patienceMs,
)

test('what does not exist is unknown, whatever its ID looks like', async () => {
  expect(await world.aws.snapshotFacts.describe('snap-0fffffffffffffff0', signal)).toBeUndefined()
  expect(await world.aws.snapshotFacts.describe('not-an-id', signal)).toBeUndefined()
})

/** What EC2 answers about an encrypted snapshot without tags; KMS and Fast Snapshot Restore answer as the test says. */
async function withAnswers(kms: { status: number; body: string }, restores: { status?: number; body: string }) {
  const snapshot = `<snapshotId>snap-1</snapshotId><status>completed</status><progress>100%</progress><volumeSize>8</volumeSize>
    <startTime>2026-01-01T00:00:00.000Z</startTime><encrypted>true</encrypted><kmsKeyId>${kmsKeyArn}</kmsKeyId>`
  const server = await answerServer((form) => {
    const action = form.get('Action')
    if (action === 'DescribeSnapshots')
      return { body: `<DescribeSnapshotsResponse><snapshotSet><item>${snapshot}</item></snapshotSet></DescribeSnapshotsResponse>` }
    return action === 'DescribeFastSnapshotRestores' ? restores : kms
  })
  try {
    const { snapshotFacts } = await connectAws({ region: 'eu-west-1', account: server.account })
    return await snapshotFacts.describe('snap-1', signal)
  } finally {
    await server.close()
  }
}
const noRestores = { body: '<DescribeFastSnapshotRestoresResponse><fastSnapshotRestoreSet/></DescribeFastSnapshotRestoresResponse>' }
const kmsError = (code: string) => ({ status: 400, body: JSON.stringify({ __type: code, message: 'no' }) })

test('a key that does not exist, or is going to be deleted', async () => {
  expect(await withAnswers(kmsError('NotFoundException'), noRestores)).toMatchObject({ keyState: { value: undefined }, baked: undefined })
  const doomed = { status: 200, body: JSON.stringify({ KeyMetadata: { KeyId: 'k', KeyState: 'PendingDeletion' } }) }
  expect(await withAnswers(doomed, noRestores)).toMatchObject({ keyState: { value: 'PendingDeletion' } })
})

test('what the role may not read is named, and the rest is there', async () => {
  const denied = ec2Error(403, 'UnauthorizedOperation', 'You are not authorized to perform this operation.')
  expect(await withAnswers(kmsError('AccessDeniedException'), denied)).toMatchObject({
    volumeSizeGiB: 8,
    region: 'eu-west-1',
    keyState: { unchecked: expect.stringMatching(/^DescribeKey: AccessDeniedException: no/) },
    fastRestoreZones: { unchecked: expect.stringMatching(/^DescribeFastSnapshotRestores: UnauthorizedOperation/) },
  })
})
