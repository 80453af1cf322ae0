import { subnets, type Simulator } from '@prebake/simulator'
import { disturbAt, injectWhere, type FaultCase } from './fault-case.ts'
import { lostAlways, lostOnce } from './lost-commands.ts'
import { lastBuilder } from './open-world.ts'
import { refusedLaunches } from './refused-launches.ts'

type Disturbance = Parameters<Simulator['aws']['disturb']>[0]

const publicSubnet = subnets.public.subnetId
const request = /\(request [0-9a-f-]{36}\)/

/** What happens to a builder that no one asked for. */
function happening(fault: string, where: string, disturb: (instanceId: string) => Disturbance, words?: FaultCase['words']): FaultCase {
  return {
    fault,
    where,
    // So that what waits for a builder that says no more is over soon.
    inputs: { timeout: '20m' },
    inject: (simulator) => disturbAt([where], () => void simulator().aws.disturb(disturb(lastBuilder(simulator())))),
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
  ...['bake: GetCommandInvocation after SendCommand init', 'bake: GetCommandInvocation after SendCommand status'].map((where) =>
    happening('the SSM agent says no more', where, (instanceId) => ({ kind: 'agent-lost', instanceId }), [
      /Last(?: seen)?:/,
      'un the build again',
    ]),
  ),
  happening('the admin container is restarted', 'bake: SendCommand status', (instanceId) => ({ kind: 'admin-restart', instanceId })),
]

const snapshotFaults: readonly FaultCase[] = [
  {
    fault: 'snapshot `error`',
    where: 'bake: DescribeSnapshots after TerminateInstances, later',
    inject: (simulator) =>
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
    inject: () =>
      injectWhere(
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
    inject: () =>
      injectWhere(({ operation }) => operation === 'CreateSnapshot', {
        status: 400,
        code: 'SnapshotLimitExceeded',
        message: 'You have reached the limit on the number of Amazon EBS snapshots that you can create.',
      }),
    words: ['CreateSnapshot', 'SnapshotLimitExceeded', 'You have reached the limit', request, 'aws-quota-exceeded'],
  },
]

/** What fits one request or one thing only. */
export const specialFaults: readonly FaultCase[] = [...refusedLaunches, ...happenings, ...lostOnce, ...lostAlways, ...snapshotFaults]
