import type { ServiceError, Problem } from '@prebake/kernel'
import type { BuilderSpec } from '@prebake/snapshot'

interface Cause {
  readonly codes: RegExp
  /** Told apart by EC2's words where one code stands for many things. */
  readonly words?: RegExp
  readonly input: string
  readonly value: (spec: BuilderSpec) => string
  readonly remedy: string
}

const securityGroups = {
  input: 'security-group-ids',
  value: (spec: BuilderSpec) => spec.securityGroupIds.join(','),
  remedy: 'Give IDs of security groups of the subnet’s VPC, or leave it empty for the default one.',
}

/** EC2's refusals (EC2 API reference, "Error codes"; words as seen in `InvalidParameterValue`) that one input explains. The first match counts. */
const causes: readonly Cause[] = [
  {
    codes: /^InvalidSubnetI[dD]/,
    input: 'subnet-id',
    value: (spec) => spec.subnetId,
    remedy: 'Give a subnet of the account and region that this runs in.',
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
    remedy: 'This is the AMI that the public parameters of Bottlerocket name for it in this region: choose another release, or `latest`.',
  },
  {
    codes: /^InvalidParameter(Value|Combination)$|^InvalidIamInstanceProfile/,
    words: /iam ?instance ?profile/i,
    input: 'instance-profile',
    value: (spec) => spec.instanceProfile,
    remedy: 'Give the name or ARN of an instance profile of this account that has a role (a new one is known to EC2 after some seconds).',
  },
  {
    codes: /^InvalidGroup|^InvalidSecurityGroup/,
    ...securityGroups,
  },
  {
    codes: /^InvalidParameter(Value)?$/,
    words: /security ?group|group id/i,
    ...securityGroups,
  },
  {
    codes: /^(InvalidParameterValue|InvalidParameterCombination|InvalidInstanceType|Unsupported|UnsupportedOperation)$/,
    words: /instance ?type|instancetype|architecture/i,
    input: 'instance-type',
    value: (spec) => spec.instanceType,
    remedy:
      'Give a type that exists in this region and zone and has the AMI’s architecture, such as m6i.2xlarge for x86_64 or m7g.2xlarge for arm64.',
  },
  {
    codes: /^(InvalidBlockDeviceMapping|InvalidParameterValue|InvalidParameterCombination)$/,
    words: /volume.*(size|too large|too small)/i,
    input: 'volume-size',
    value: (spec) => `${spec.dataVolume.sizeGiB} GiB`,
    remedy: 'Give at least the size of the volume that a snapshot was taken from, and at most 65536 GiB.',
  },
]

/** The input that explains why EC2 refused a launch, or undefined when no input does. */
export function launchProblem(error: ServiceError, spec: BuilderSpec): Problem | undefined {
  const cause = causes.find(({ codes, words }) => codes.test(error.code) && (words?.test(error.message) ?? true))
  return cause && { input: cause.input, wrong: `EC2 refuses "${cause.value(spec)}" (${error.message}).`, remedy: cause.remedy }
}
