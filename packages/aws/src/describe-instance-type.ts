import { DescribeInstanceTypesCommand, type EC2Client, type _InstanceType } from '@aws-sdk/client-ec2'
import { InputError, ServiceError } from '@prebake/kernel'
import { requireField, call } from './call.ts'
import type { AwsErrorCode } from './error-codes.ts'

/** Architectures of an instance type's processors: `x86_64`, `arm64`. @throws InputError when the region has no such type */
export async function architecturesOf(ec2: EC2Client, instanceType: string, signal: AbortSignal): Promise<readonly string[]> {
  // The SDK's list of types is only as recent as the SDK.
  const command = new DescribeInstanceTypesCommand({ InstanceTypes: [instanceType as _InstanceType] })
  try {
    const { InstanceTypes } = await call('ec2:DescribeInstanceTypes', signal, (options) => ec2.send(command, options))
    return requireField(InstanceTypes?.[0]?.ProcessorInfo?.SupportedArchitectures, 'DescribeInstanceTypes', 'architectures')
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === 'InvalidInstanceType')) throw error
    const wrong = `EC2 has no type \`${instanceType}\` in this region (${error.message}).`
    const remedy = 'Choose one that `aws ec2 describe-instance-type-offerings` lists for the region, or leave it empty.'
    throw new InputError([{ code: 'instance-type-unknown' satisfies AwsErrorCode, input: 'instance-type', wrong, remedy }], {
      cause: error,
    })
  }
}
