import { subnets, type FaultedRequest } from '@prebake/simulator'
import { injectWhere, type FaultCase } from './fault-case.ts'

const request = /\(request [0-9a-f-]{36}\)/
const noCapacity = {
  status: 500,
  code: 'InsufficientInstanceCapacity',
  message: 'We currently do not have sufficient m6i.2xlarge capacity in the Availability Zone you requested (us-west-2a).',
}
const launches = ({ operation }: FaultedRequest) => operation === 'RunInstances'
const launchesIn = (subnetId: string) => (request: FaultedRequest) =>
  launches(request) && JSON.stringify(request.parameters).includes(subnetId)
const publicSubnet = subnets.public.subnetId

/** `SnapshotId` is in the launch of the instance that checks. */
const verifies = (request: FaultedRequest) => launchesIn(publicSubnet)(request) && JSON.stringify(request.parameters).includes('"snap-')

/** Launches that EC2 refuses. */
export const refusedLaunches: readonly FaultCase[] = [
  {
    fault: 'InsufficientInstanceCapacity in one zone',
    where: 'bake and verify: RunInstances',
    inject: () => injectWhere(launchesIn(publicSubnet), noCapacity),
  },
  { fault: 'InsufficientInstanceCapacity in one zone', where: 'verify: RunInstances', inject: () => injectWhere(verifies, noCapacity) },
  {
    fault: 'InsufficientInstanceCapacity in every zone',
    where: 'bake: RunInstances',
    inject: () => injectWhere(launches, noCapacity),
    words: ['us-west-2a, then us-west-2b', noCapacity.code, noCapacity.message, request, '`instance-type`'],
  },
  {
    fault: 'InsufficientInstanceCapacity, `subnet-id` given',
    where: 'bake: RunInstances',
    inputs: { 'subnet-id': publicSubnet },
    inject: () => injectWhere(launches, noCapacity),
    words: [noCapacity.code, noCapacity.message, request, '`subnet-id`'],
  },
  {
    fault: 'Unsupported in one zone',
    where: 'bake: RunInstances',
    inject: () =>
      injectWhere(launchesIn(publicSubnet), {
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
    inject: () => injectWhere(launches, { status: 400, code, message }),
    words: ['RunInstances', code, message, request, 'aws-quota-exceeded'],
  })),
  {
    fault: 'IdempotentParameterMismatch, once',
    where: 'bake: RunInstances',
    inject: () =>
      injectWhere(
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
