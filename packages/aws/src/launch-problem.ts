import type { ServiceError, Problem } from '@prebake/kernel'
import type { BuilderSpec } from '@prebake/snapshot'
import type { AwsErrorCode } from './error-codes.ts'

interface Cause {
  readonly codes: RegExp
  /** Matches EC2's message, for codes that EC2 uses for several problems. */
  readonly message?: RegExp
  readonly input: string
  readonly value: (spec: BuilderSpec) => string
  readonly remedy: string
}

const securityGroups = {
  input: 'security-group-ids',
  value: (spec: BuilderSpec) => spec.securityGroupIds.join(','),
  remedy: 'Give IDs of security groups of the subnet’s VPC, or leave it empty for the default one.',
}

/** EC2's refusals (EC2 API reference, "Error codes"; messages as seen for `InvalidParameterValue`) that one input explains. The first match wins. */
const causes: readonly Cause[] = [
  {
    codes: /^InvalidSubnetI[dD]/,
    input: 'subnet-id',
    value: (spec) => spec.subnetId,
    remedy: 'Give a subnet of this account and region.',
  },
  {
    codes: /^InsufficientFreeAddressesInSubnet$/,
    input: 'subnet-id',
    value: (spec) => spec.subnetId,
    remedy: 'Give a subnet that has a free address.',
  },
  {
    codes: /^InvalidAMIID/,
    input: 'bottlerocket-version',
    value: (spec) => spec.amiId,
    remedy: 'Bottlerocket’s public parameters name this AMI for the release in this region: choose another release, or `latest`.',
  },
  {
    codes: /^InvalidParameter(Value|Combination)$|^InvalidIamInstanceProfile/,
    message: /iam ?instance ?profile/i,
    input: 'instance-profile',
    value: (spec) => spec.instanceProfile,
    remedy:
      'Give the name or ARN of an instance profile of this account that has a role (a new one needs a few seconds until EC2 knows it).',
  },
  {
    codes: /^InvalidGroup|^InvalidSecurityGroup/,
    ...securityGroups,
  },
  {
    codes: /^InvalidParameter(Value)?$/,
    message: /security ?group|group id/i,
    ...securityGroups,
  },
  {
    codes: /^(InvalidParameterValue|InvalidParameterCombination|InvalidInstanceType|Unsupported|UnsupportedOperation)$/,
    message: /instance ?type|instancetype|architecture/i,
    input: 'instance-type',
    value: (spec) => spec.instanceType,
    remedy:
      'Give a type that exists in this region and zone and has the AMI’s architecture, such as m6i.2xlarge for x86_64 or m7g.2xlarge for arm64.',
  },
  {
    codes: /^(InvalidBlockDeviceMapping|InvalidParameterValue|InvalidParameterCombination)$/,
    message: /volume.*(size|too large|too small)/i,
    input: 'volume-size',
    value: (spec) => `${spec.dataVolume.sizeGiB} GiB`,
    remedy: 'Give at least the size of the snapshot’s volume, and at most 65536 GiB.',
  },
]

/** The input that explains why EC2 refused a launch; undefined if none does. */
export function launchProblem(error: ServiceError, spec: BuilderSpec): Problem | undefined {
  const cause = causes.find(({ codes, message }) => codes.test(error.code) && (message?.test(error.message) ?? true))
  const code = 'launch-refused' satisfies AwsErrorCode
  return cause && { code, input: cause.input, wrong: `EC2 refuses "${cause.value(spec)}" (${error.message}).`, remedy: cause.remedy }
}
