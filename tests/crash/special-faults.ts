import { subnets, type Simulator, type StruckRequest } from '@prebake/simulator'
import { disturbAt, strikeWhere, type FaultCase } from './fault-case.ts'
import { alive } from './open-world.ts'

type Disturbance = Parameters<Simulator['aws']['disturb']>[0]

const request = /\(request [0-9a-f-]{36}\)/
const noCapacity = {
  status: 500,
  code: 'InsufficientInstanceCapacity',
  message: 'We currently do not have sufficient m6i.2xlarge capacity in the Availability Zone you requested (us-west-2a).',
}
const launches = ({ operation }: StruckRequest) => operation === 'RunInstances'
const launchesIn = (subnetId: string) => (struck: StruckRequest) => launches(struck) && JSON.stringify(struck.parameters).includes(subnetId)
const publicSubnet = subnets.public.subnetId

/** `SnapshotId` is in the launch of the instance that checks. */
const verifies = (struck: StruckRequest) => launchesIn(publicSubnet)(struck) && JSON.stringify(struck.parameters).includes('"snap-')

/** Launches that EC2 refuses. */
const refusedLaunches: readonly FaultCase[] = [
  {
    fault: 'InsufficientInstanceCapacity in one zone',
    where: 'bake and verify: RunInstances',
    strike: () => strikeWhere(launchesIn(publicSubnet), noCapacity),
  },
  { fault: 'InsufficientInstanceCapacity in one zone', where: 'verify: RunInstances', strike: () => strikeWhere(verifies, noCapacity) },
  {
    fault: 'InsufficientInstanceCapacity in every zone',
    where: 'bake: RunInstances',
    strike: () => strikeWhere(launches, noCapacity),
    words: ['us-west-2a, then us-west-2b', noCapacity.code, noCapacity.message, request, '`instance-type`'],
  },
  {
    fault: 'InsufficientInstanceCapacity, `subnet-id` given',
    where: 'bake: RunInstances',
    inputs: { 'subnet-id': publicSubnet },
    strike: () => strikeWhere(launches, noCapacity),
    words: [noCapacity.code, noCapacity.message, request, '`subnet-id`'],
  },
  {
    fault: 'Unsupported in one zone',
    where: 'bake: RunInstances',
    strike: () =>
      strikeWhere(launchesIn(publicSubnet), {
        status: 400,
        code: 'Unsupported',
        message: 'Your requested instance type (m6i.2xlarge) is not supported in your requested Availability Zone (us-west-2a).',
      }),
  },
  ...[
    { code: 'VolumeLimitExceeded', message: 'You have exceeded your maximum gp3 storage limit of 50 TiB in this region.' },
    { code: 'VcpuLimitExceeded', message: 'You have requested more vCPU capacity than your current vCPU limit of 0 allows.' },
  ].map(({ code, message }) => ({
    fault: code,
    where: 'bake: RunInstances',
    strike: () => strikeWhere(launches, { status: 400, code, message }),
    words: ['RunInstances', code, message, request, 'Ask for a higher quota'],
  })),
  {
    fault: 'IdempotentParameterMismatch, once',
    where: 'bake: RunInstances',
    strike: () =>
      strikeWhere(
        launches,
        {
          status: 400,
          code: 'IdempotentParameterMismatch',
          message: 'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
        },
        1,
      ),
  },
]

const lastBuilder = (simulator: Simulator) => alive(simulator).at(-1)?.instanceId ?? ''

/** What happens to a builder that nobody asked for. */
function happening(fault: string, where: string, disturb: (instanceId: string) => Disturbance, words?: FaultCase['words']): FaultCase {
  return {
    fault,
    where,
    // So that what waits for a builder that says no more is over soon.
    inputs: { timeout: '20m' },
    strike: (simulator) => disturbAt([where], () => void simulator().aws.disturb(disturb(lastBuilder(simulator())))),
    ...(words && { words }),
  }
}

const badKey = { code: 'Client.InvalidKMSKey.InvalidState', message: 'The KMS key provided is in an incorrect state' }
const badHost = { code: 'Server.InternalError', message: 'Internal error on launch' }

const happenings: readonly FaultCase[] = [
  ...(['bake', 'verify'] as const).map((phase) =>
    happening(
      `the key of the volumes cannot be used`,
      `${phase}: DescribeInstances after RunInstances`,
      (instanceId) => ({ kind: 'instance-failed', instanceId, ...badKey }),
      [badKey.code, badKey.message, 'kms:CreateGrant'],
    ),
  ),
  happening('EC2 ends the instance', 'bake: SendCommand status', (instanceId) => ({ kind: 'instance-failed', instanceId, ...badHost }), [
    badHost.code,
    badHost.message,
    'run the build again',
  ]),
  ...['bake: SendCommand status', 'bake: GetCommandInvocation after SendCommand seal', 'verify: SendCommand verify'].map((where) =>
    happening('the builder powers itself off', where, (instanceId) => ({ kind: 'power-off', instanceId }), [
      'Client.InstanceInitiatedShutdown',
      'run the build again',
    ]),
  ),
  ...(['bake', 'verify'] as const).map((phase) =>
    happening(
      'SSM never online',
      `${phase}: DescribeInstanceInformation after RunInstances`,
      (instanceId) => ({ kind: 'agent-lost', instanceId }),
      ['SSM to reach', 'SSM agent not online yet', publicSubnet, 'AmazonSSMManagedInstanceCore'],
    ),
  ),
  ...['bake: GetCommandInvocation after SendCommand hello', 'bake: GetCommandInvocation after SendCommand status'].map((where) =>
    happening('the SSM agent says no more', where, (instanceId) => ({ kind: 'agent-lost', instanceId }), [
      /Last(?: seen)?:/,
      'un the build again',
    ]),
  ),
  happening('the admin container is started anew', 'bake: SendCommand status', (instanceId) => ({ kind: 'admin-restart', instanceId })),
]

/** Every last state that SSM gives a command (SSM user guide, "Understanding command statuses"), as status and details. */
const endings = [
  ['Cancelled', 'Cancelled'],
  ['TimedOut', 'DeliveryTimedOut'],
  ['TimedOut', 'ExecutionTimedOut'],
  ['Failed', 'Undeliverable'],
  ['Failed', 'Terminated'],
  ['Failed', 'InvalidPlatform'],
  ['Failed', 'AccessDenied'],
  ['Failed', 'Failed'],
] as const

const commands = ['bake: SendCommand probe', 'bake: SendCommand hello', 'bake: SendCommand start', 'bake: SendCommand status']
const laterCommands = ['bake: SendCommand seal', 'verify: SendCommand probe', 'verify: SendCommand hello', 'verify: SendCommand verify']

/** Ends the command that was just sent, before it has begun to run. */
function loseCommand(simulator: Simulator, [status, details]: (typeof endings)[number]): void {
  void simulator.aws.disturb({ kind: 'command-ended', instanceId: lastBuilder(simulator), status, details })
}

/** Each command is lost once, in another way; in a second build each in yet another one. A script that ran and failed has said why: that is never repeated. */
const lostOnce = [0, 3].map((shift): FaultCase => {
  const passing = endings.filter(([, details]) => details !== 'Failed')
  const all = [...commands, ...laterCommands]
  const endingOf = (place: string) => passing[(all.indexOf(place) + shift) % passing.length] ?? passing[0]!
  return {
    fault: `each command lost once: ${all.map((place) => endingOf(place)[1]).join(', ')}`,
    where: all.map((place) => place.replace('SendCommand ', '')).join(', '),
    strike: (simulator) => disturbAt(all, (place) => loseCommand(simulator(), endingOf(place))),
  }
})

/** From `hello` on every command ends so. */
const lostAlways = endings.map((ending): FaultCase => {
  const strike = (simulator: () => Simulator) => {
    const first = disturbAt(['bake: SendCommand hello'], () => undefined)
    const plan = (struck: StruckRequest): undefined => {
      first.plan(struck)
      if (first.missed().length === 0 && struck.operation === 'SendCommand') setImmediate(() => loseCommand(simulator(), ending))
    }
    return { plan, missed: first.missed }
  }
  return {
    fault: `command ${ending[1]}, always`,
    where: 'bake: SendCommand hello',
    strike,
    words: [ending[1], 'hello', 'un the build again'],
  }
})

const snapshotFaults: readonly FaultCase[] = [
  {
    fault: 'snapshot `error`',
    where: 'bake: DescribeSnapshots after TerminateInstances, later',
    strike: (simulator) =>
      disturbAt(['bake: DescribeSnapshots after TerminateInstances, later'], () => {
        const [snapshot] = simulator().aws.snapshots()
        void simulator().aws.disturb({
          kind: 'snapshot-error',
          snapshotId: snapshot?.snapshotId ?? '',
          message: 'Given key ID is not accessible',
        })
      }),
    words: ['error', 'Given key ID is not accessible', 'kms:CreateGrant'],
  },
  {
    fault: 'SnapshotCreationPerVolumeRateExceeded, once',
    where: 'bake: CreateSnapshot',
    strike: () =>
      strikeWhere(
        ({ operation }) => operation === 'CreateSnapshot',
        {
          status: 400,
          code: 'SnapshotCreationPerVolumeRateExceeded',
          message: 'The rate limit for creating concurrent snapshots of an EBS volume has been exceeded.',
        },
        1,
      ),
  },
  {
    fault: 'SnapshotLimitExceeded',
    where: 'bake: CreateSnapshot',
    strike: () =>
      strikeWhere(({ operation }) => operation === 'CreateSnapshot', {
        status: 400,
        code: 'SnapshotLimitExceeded',
        message: 'You have reached the limit on the number of Amazon EBS snapshots that you can create.',
      }),
    words: ['CreateSnapshot', 'SnapshotLimitExceeded', 'You have reached the limit', request, 'ask for a higher quota'],
  },
]

/** What fits one request or one thing only. */
export const specialFaults: readonly FaultCase[] = [...refusedLaunches, ...happenings, ...lostOnce, ...lostAlways, ...snapshotFaults]
