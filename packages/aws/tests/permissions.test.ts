import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startSimulator, type Simulator } from '@prebake/simulator'
import type { PermissionCheck } from '@prebake/snapshot'
import { connectAws } from '../src/index.ts'
import { refusedInputs } from './describe-builders.ts'
import { launchTestBuilder, validSpec } from './launch-test-builder.ts'
import type { World } from './world.ts'

const { signal } = new AbortController()
let simulator: Simulator
let world: World
beforeEach(async () => {
  simulator = await startSimulator({ rate: 600 })
  world = {
    aws: await connectAws({ region: 'us-west-2', account: simulator.account }),
    rate: Number(simulator.environment['PREBAKE_CLOCK_RATE']),
    kubernetesVersion: '1.34',
    bottlerocketVersion: 'latest',
    instanceProfile: 'prebake-builder',
    close: () => simulator.stop(),
  }
})
afterEach(() => simulator.stop())

const lose = (action: string) => simulator.aws.disturb({ kind: 'permission-lost', action })
const verdicts = (checks: readonly PermissionCheck[]) => Object.fromEntries(checks.map(({ action, verdict }) => [action, verdict]))
const tags = { 'prebake:run': 'r' }
/** By the port, everything that can be asked of a builder and a snapshot that are there. */
async function checkAll(): Promise<readonly PermissionCheck[]> {
  const { builders, snapshots, permissions } = world.aws
  const { instanceId, spec } = await launchTestBuilder(world)
  const volumeId = await builders.dataVolume(instanceId, signal)
  const { snapshotId } = await snapshots.create(volumeId, '', tags, signal)
  while ((await snapshots.get(snapshotId, signal)) === undefined) await simulator.sleep(1)
  const ask = () =>
    Promise.all([
      permissions.checkReads(signal),
      permissions.checkLaunch({ ...spec, clientToken: 'another' }, signal),
      permissions.checkBuilder(instanceId, volumeId, tags, signal),
      permissions.checkSnapshot(snapshotId, signal),
      permissions.checkEarlierSnapshot({}, signal),
    ])
  const before = await ask()
  expect(new Set(before.flat().map(({ verdict }) => verdict))).toEqual(new Set(['allowed']))
  for (const { action } of before.flat()) await lose(action)
  return (await ask()).flat()
}

test('each permission is allowed, and refused with its statement once it is lost; nothing changes for the asking', async () => {
  const refused = await checkAll()
  const reads = ['DescribeInstances', 'DescribeSnapshots', 'DescribeSubnets', 'DescribeRouteTables', 'DescribeVpcEndpoints']
  expect(verdicts(refused.filter(({ verdict }) => verdict !== 'unchecked'))).toEqual({
    ...Object.fromEntries(reads.map((name) => [`ec2:${name}`, 'refused'])),
    'ssm:GetParameter': 'refused',
    'ssm:DescribeInstanceInformation': 'refused',
    'ssm:GetCommandInvocation': 'refused',
    'ec2:RunInstances': 'refused',
    'ec2:StopInstances': 'refused',
    'ec2:TerminateInstances': 'refused',
    'ec2:CreateSnapshot': 'refused',
    'ec2:CreateTags': 'refused',
  })
  const hints = refused.flatMap((check) => (check.verdict === 'refused' ? [[check.action, check.refusal.hint ?? '']] : []))
  expect(hints.filter(([action, hint]) => !hint?.includes(`Allow \`${action}\``))).toEqual([])
  // Without DescribeSnapshots there is no earlier snapshot to ask about.
  expect(refused.filter(({ verdict }) => verdict === 'unchecked')).toMatchObject([
    { action: 'ec2:CreateTags', reason: expect.stringContaining('DescribeSnapshots: UnauthorizedOperation') },
    { action: 'ec2:DeleteSnapshot', reason: expect.stringContaining('DescribeSnapshots: UnauthorizedOperation') },
  ])
  expect(simulator.aws.instances()).toMatchObject([{ state: 'running' }])
  expect(simulator.aws.snapshots()).toHaveLength(1)
})

test.each(['ec2:CreateTags', 'iam:PassRole'])('a launch without %s is refused with that statement', async (action) => {
  await lose(action)
  const [check] = await world.aws.permissions.checkLaunch(await validSpec(world), signal)
  expect(check).toMatchObject({
    action: 'ec2:RunInstances',
    verdict: 'refused',
    refusal: { hint: expect.stringContaining(`Allow \`${action}\``) },
  })
})

test('an input that EC2 refuses is named before anything is launched', async () => {
  const spec = { ...(await validSpec(world)), instanceProfile: 'missing' }
  expect(await refusedInputs(world.aws.permissions.checkLaunch(spec, signal), 'launch-refused')).toEqual(['instance-profile'])
  expect(simulator.aws.instances()).toEqual([])
})

test('a launch that has only no room in one zone is unchecked: other zones come later', async () => {
  await simulator.stop()
  const message = 'Your requested instance type (m6i.2xlarge) is not supported in your requested Availability Zone (us-west-2a).'
  simulator = await startSimulator({
    faults: [{ server: 'aws', operation: 'RunInstances', effect: { kind: 'error', status: 400, code: 'Unsupported', message } }],
  })
  const aws = await connectAws({ region: 'us-west-2', account: simulator.account })
  const checks = await aws.permissions.checkLaunch(await validSpec({ ...world, aws }), signal)
  expect(checks).toMatchObject([{ verdict: 'unchecked', reason: expect.stringContaining('Unsupported') }])
})

test('what does not exist proves nothing', async () => {
  const { permissions } = world.aws
  expect(verdicts(await permissions.checkBuilder('i-0fffffffffffffff0', 'vol-0fffffffffffffff0', tags, signal))).toEqual({
    'ec2:StopInstances': 'unchecked',
    'ec2:TerminateInstances': 'unchecked',
    'ec2:CreateSnapshot': 'unchecked',
  })
  expect(await permissions.checkSnapshot('snap-0fffffffffffffff0', signal)).toMatchObject([{ verdict: 'unchecked' }])
})

test('an earlier snapshot is one of ours, with the tags that this build sets', async () => {
  const { builders, snapshots, permissions } = world.aws
  const ask = async (more: Record<string, string>) => verdicts(await permissions.checkEarlierSnapshot(more, signal))
  const none = { 'ec2:CreateTags': 'unchecked', 'ec2:DeleteSnapshot': 'unchecked' }
  expect(await ask({})).toEqual(none)
  const { instanceId } = await launchTestBuilder(world)
  const volumeId = await builders.dataVolume(instanceId, signal)
  await snapshots.create(volumeId, 'a backup', { team: 'ml' }, signal)
  const { snapshotId } = await snapshots.create(volumeId, '', { ...tags, team: 'ml' }, signal)
  while ((await snapshots.get(snapshotId, signal)) === undefined) await simulator.sleep(1)
  expect(await ask({ team: 'other' })).toEqual(none)
  expect(await ask({ team: 'ml' })).toEqual({ 'ec2:CreateTags': 'allowed', 'ec2:DeleteSnapshot': 'allowed' })
})
