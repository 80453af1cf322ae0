import { expect, test } from '@jest/globals'
import { InputError, ServiceError, type Problem, type Reporter } from '@prebake/kernel'
import type { BuildPorts, BuildRequest, PermissionCheck, Permissions } from '../src/index.ts'
import { requirePermissions, requireSnapshotPermissions, withOtherRefusals } from '../src/require-permissions.ts'
import type { BuildPlan } from '../src/resolve-plan.ts'
import { signal, steppingClock } from './memory-account.ts'

const refusal = (action: string) =>
  new ServiceError(
    { operation: action.slice(action.indexOf(':') + 1), code: 'UnauthorizedOperation', message: 'no', status: 403 },
    { hint: `Allow \`${action}\`.` },
  )
const refused = (action: string): PermissionCheck => ({ action, verdict: 'refused', refusal: refusal(action) })
const allowed = (action: string): PermissionCheck => ({ action, verdict: 'allowed' })
const unchecked = (action: string): PermissionCheck => ({ action, verdict: 'unchecked', reason: 'there is none' })

const plan = {
  machineImage: { amiId: 'ami-1', bottlerocketVersion: '1.69.0' },
  subnet: { subnetId: 'subnet-1', vpcId: 'vpc-1' },
  publicAddress: true,
  fingerprint: 'f',
} as unknown as BuildPlan
const request = {
  runToken: 'r',
  model: 'owner/name',
  images: [],
  instanceType: 'm6i.2xlarge',
  timeoutMs: 60_000,
  tags: {},
} as unknown as BuildRequest
const unreachable = () => Promise.reject(new Error('not reached'))

function open(permissions: Partial<Permissions>) {
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const ports = {
    permissions: {
      checkReads: async () => [allowed('ec2:DescribeInstances')],
      checkLaunch: async () => [allowed('ec2:RunInstances')],
      checkSnapshot: async () => [allowed('ec2:CreateTags')],
      checkEarlierSnapshot: async () => [unchecked('ec2:CreateTags'), unchecked('ec2:DeleteSnapshot')],
      ...permissions,
    },
    hub: { list: unreachable },
    builders: { findImage: unreachable, describeSubnet: unreachable },
    reporter: { info: say, warning: say } as unknown as Reporter,
    clock: steppingClock(),
  } as unknown as BuildPorts
  return { ports, said }
}
async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  if (error instanceof InputError) return error.problems
  throw new Error('No InputError was thrown.', { cause: error })
}

test('all missing permissions, and the inputs that EC2 refuses, is reported at once', async () => {
  const wrongProfile = { code: 'launch-refused', input: 'instance-profile', wrong: 'EC2 refuses it.', remedy: 'Give another.' }
  const { ports } = open({
    checkReads: async () => [refused('ssm:GetCommandInvocation'), allowed('ec2:DescribeInstances')],
    checkLaunch: async () => Promise.reject(new InputError([wrongProfile])),
    checkEarlierSnapshot: async () => [refused('ec2:CreateTags')],
  })
  expect(await problemsOf(requirePermissions(request, plan, ports, signal))).toEqual([
    {
      code: 'permissions-missing',
      input: 'AWS permissions',
      wrong: 'GetCommandInvocation: UnauthorizedOperation: no.',
      remedy: 'Allow `ssm:GetCommandInvocation`.',
    },
    {
      code: 'permissions-missing',
      input: 'AWS permissions',
      wrong: 'CreateTags: UnauthorizedOperation: no.',
      remedy: 'Allow `ec2:CreateTags`.',
    },
    wrongProfile,
  ])
})

test('what cannot be asked yet is named, and never called allowed', async () => {
  const { ports, said } = open({})
  await requirePermissions(request, plan, ports, signal)
  expect(said).toEqual([
    'Permissions: none missing so far; not checked yet: ec2:CreateTags, ec2:DeleteSnapshot, ec2:StopInstances, ec2:TerminateInstances, ec2:CreateSnapshot, ssm:SendCommand',
  ])
})

test('a build can do without deleting: that one is a warning', async () => {
  const { ports, said } = open({ checkEarlierSnapshot: async () => [allowed('ec2:CreateTags'), refused('ec2:DeleteSnapshot')] })
  await requirePermissions(request, plan, ports, signal)
  expect(said[0]).toContain('DeleteSnapshot: UnauthorizedOperation')
  expect(said[0]).toContain('Allow `ec2:DeleteSnapshot`.')
})

test('a verdict that could not be written is known before the check is made', async () => {
  const { ports } = open({ checkSnapshot: async () => [refused('ec2:CreateTags')] })
  expect(await problemsOf(requireSnapshotPermissions('snap-1', ports, signal))).toHaveLength(1)
})

test('one refusal brings the others with it', async () => {
  const { ports } = open({ checkReads: async () => [refused('ec2:DescribeInstances'), refused('ec2:DescribeSnapshots')] })
  const error = await withOtherRefusals(refusal('ec2:DescribeInstances'), request, ports, signal)
  expect((error as InputError).problems.map(({ remedy }) => remedy)).toEqual([
    'Allow `ec2:DescribeInstances`.',
    'Allow `ec2:DescribeSnapshots`.',
  ])
})

test('the only refusal, and what is none, stay as they are', async () => {
  const { ports } = open({})
  for (const error of [refusal('ec2:CreateSnapshot'), new Error('no room')])
    expect(await withOtherRefusals(error, request, ports, signal)).toBe(error)
})
