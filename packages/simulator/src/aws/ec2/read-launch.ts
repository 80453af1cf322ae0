import { findSubnet, instanceProfiles, securityGroup, subnets, type SubnetFixture } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import type { MachineImage } from '../images.ts'
import type { InstanceType } from '../instance-types.ts'
import type { Tags } from '../store.ts'
import { planVolumes, type VolumePlan } from './block-devices.ts'
import { findImage, findInstanceType } from './describe-offers.ts'
import {
  flag,
  integer,
  type QueryParameters,
  readTagSpecifications,
  requiredText,
  structure,
  structures,
  text,
  texts,
} from './query-parameters.ts'

/** What a RunInstances request asks for, found possible. */
export interface Launch {
  readonly image: MachineImage
  readonly type: InstanceType
  readonly subnet: SubnetFixture
  readonly securityGroupIds: readonly string[]
  readonly publicAddress: boolean
  readonly instanceProfileArn: string | undefined
  readonly volumes: readonly VolumePlan[]
  readonly tags: Readonly<Record<string, Tags>>
  readonly userData: string
  readonly shutdownBehavior: 'stop' | 'terminate'
}

/** @throws AwsError with the code that EC2 gives for whatever is wrong first. */
export function readLaunch(cloud: Cloud, parameters: QueryParameters): Launch {
  requiredText(parameters, 'MinCount')
  requiredText(parameters, 'MaxCount')
  if (integer(parameters, 'MinCount') !== 1 || integer(parameters, 'MaxCount') !== 1) {
    throw new AwsError('UnsupportedOperation', 'The simulator launches one instance at a time: MinCount and MaxCount must be 1.')
  }
  const image = findImage(requiredText(parameters, 'ImageId'))
  const type = findInstanceType(parameters)
  if (type.architecture !== image.architecture) {
    throw new AwsError(
      'InvalidParameterValue',
      `The architecture '${type.architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. ` +
        `Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`,
    )
  }
  return {
    image,
    type,
    ...readNetwork(parameters),
    instanceProfileArn: readProfile(structure(parameters, 'IamInstanceProfile')),
    volumes: planVolumes(cloud, parameters, image),
    tags: readTagSpecifications(parameters, ['instance', 'volume', 'network-interface', 'spot-instances-request']),
    userData: readUserData(text(parameters, 'UserData')),
    shutdownBehavior: readShutdownBehavior(text(parameters, 'InstanceInitiatedShutdownBehavior')),
  }
}

/** With a network interface in the request, EC2 takes subnet and groups only from there. */
function readNetwork(parameters: QueryParameters): Pick<Launch, 'subnet' | 'securityGroupIds' | 'publicAddress'> {
  const [own] = structures(parameters, 'NetworkInterface')
  for (const [name, what] of [
    ['SubnetId', 'subnet ID'],
    ['SecurityGroupId', 'security groups'],
  ] as const) {
    if (own && parameters[name] !== undefined) {
      throw new AwsError(
        'InvalidParameterCombination',
        `Network interfaces and an instance-level ${what} may not be specified on the same request`,
      )
    }
  }
  const from = own ?? parameters
  const subnetId = text(from, 'SubnetId') ?? subnets.public.subnetId
  const subnet = findSubnet(subnetId)
  if (subnet === undefined) throw new AwsError('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`)
  const groups = texts(from, 'SecurityGroupId')
  const unknown = groups.find((groupId) => groupId !== securityGroup.groupId)
  if (unknown !== undefined) throw new AwsError('InvalidGroup.NotFound', `The security group '${unknown}' does not exist`)
  return {
    subnet,
    securityGroupIds: groups.length > 0 ? groups : [securityGroup.groupId],
    publicAddress: (own && flag(own, 'AssociatePublicIpAddress')) ?? subnet.mapPublicIp,
  }
}

function readProfile(given: QueryParameters | undefined): string | undefined {
  if (given === undefined) return undefined
  const name = text(given, 'Name')
  const arn = text(given, 'Arn')
  const found = instanceProfiles.find((profile) => (name ?? profile.name) === profile.name && (arn ?? profile.arn) === profile.arn)
  if (found !== undefined) return found.arn
  const [member, value, what] = name === undefined ? ['arn', arn, 'ARN'] : ['name', name, 'name']
  throw new AwsError(
    'InvalidParameterValue',
    `Value (${value}) for parameter iamInstanceProfile.${member} is invalid. Invalid IAM Instance Profile ${what}`,
  )
}

function readUserData(encoded: string | undefined): string {
  if (encoded === undefined) return ''
  if (!/^[A-Za-z0-9+/\s]*={0,2}$/.test(encoded)) throw new AwsError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.')
  const decoded = Buffer.from(encoded, 'base64')
  if (decoded.length > 16_384) throw new AwsError('InvalidParameterValue', 'User data is limited to 16384 bytes')
  return decoded.toString()
}

function readShutdownBehavior(value: string | undefined): 'stop' | 'terminate' {
  if (value === undefined || value === 'stop' || value === 'terminate') return value ?? 'stop'
  throw new AwsError('InvalidParameterValue', `Value (${value}) for parameter instanceInitiatedShutdownBehavior is invalid.`)
}
