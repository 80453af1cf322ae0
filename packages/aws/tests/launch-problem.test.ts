import { expect, test } from '@jest/globals'
import { ServiceError } from '@prebake/kernel'
import { launchProblem } from '../src/launch-problem.ts'
import { builderSpec } from './builder-spec.ts'

const refusal = (code: string, message: string) => new ServiceError({ operation: 'RunInstances', code, message })

test.each([
  ['InvalidSubnetID.NotFound', "The subnet ID 'subnet-1' does not exist", 'subnet-id'],
  ['InvalidSubnetId.Malformed', 'Invalid id: "x"', 'subnet-id'],
  ['InsufficientFreeAddressesInSubnet', 'There are not enough free addresses', 'subnet-id'],
  ['InvalidAMIID.NotFound', "The image id '[ami-1]' does not exist", 'bottlerocket-version'],
  ['InvalidAMIID.Malformed', 'Invalid id: "x"', 'bottlerocket-version'],
  [
    'InvalidParameterValue',
    'Value (x) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
    'instance-profile',
  ],
  ['InvalidParameterValue', 'Value (arn:x) for parameter iamInstanceProfile.arn is invalid.', 'instance-profile'],
  ['InvalidGroup.NotFound', "The security group 'sg-1' does not exist", 'security-group-ids'],
  ['InvalidGroupId.Malformed', 'Invalid id: "x" (expecting "sg-...")', 'security-group-ids'],
  ['InvalidParameter', 'Security group sg-1 and subnet subnet-1 belong to different networks.', 'security-group-ids'],
  ['InvalidParameterValue', "Invalid value 'm6i.huge' for InstanceType.", 'instance-type'],
  ['Unsupported', 'Your requested instance type (p5.48xlarge) is not supported in your requested Availability Zone', 'instance-type'],
  [
    'InvalidParameterValue',
    "The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64' of …",
    'instance-type',
  ],
  ['InvalidBlockDeviceMapping', "Volume of size 10GB is smaller than snapshot 'snap-1', expect size >= 150GB", 'volume-size'],
  ['InvalidParameterValue', 'Volume of 70000GiB is too large for volume type gp3', 'volume-size'],
  ['InvalidParameterValue', 'Iops to volume size ratio of 1000.000000 is too high; maximum is 500 iops per GiB', 'volume-size'],
])('%s: %s', (code, message, input) => {
  const problem = launchProblem(refusal(code, message), builderSpec)
  expect(problem?.input).toBe(input)
  expect(problem?.wrong).toContain(message)
})

test.each([
  ['UnauthorizedOperation', 'You are not authorized to perform this operation.'],
  ['InsufficientInstanceCapacity', 'We currently do not have sufficient m6i.2xlarge capacity in the Availability Zone'],
  ['VcpuLimitExceeded', 'You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket'],
  ['IdempotentParameterMismatch', 'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).'],
  ['InvalidParameterValue', 'Value (x) for parameter clientToken is invalid.'],
  ['InvalidParameterValue', 'Throughput (MiBps) to iops ratio of 0.333333 is too high; maximum is 0.250000 MiBps per iops'],
])('is not an input’s fault: %s', (code, message) => {
  expect(launchProblem(refusal(code, message), builderSpec)).toBeUndefined()
})

test('shows the value that was refused', () => {
  const problem = launchProblem(refusal('InvalidAMIID.NotFound', 'no'), builderSpec)
  expect(problem?.wrong).toBe('EC2 refuses "ami-0123456789abcdef0" (RunInstances: InvalidAMIID.NotFound: no).')
})
