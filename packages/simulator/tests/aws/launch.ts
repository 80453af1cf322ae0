import { subnets } from '../../src/aws/account.ts'
import { machineImages } from '../../src/aws/images.ts'
import { query, type RunningAws } from './start-aws.ts'

export const amiId =
  machineImages.find(({ variant, architecture }) => variant === 'aws-k8s-1.34' && architecture === 'x86_64')?.imageId ?? ''
export const armAmiId =
  machineImages.find(({ variant, architecture }) => variant === 'aws-k8s-1.34' && architecture === 'arm64')?.imageId ?? ''

/** User data on the wire. */
export function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** A launch that EC2 accepts, as the wire has it. */
export const goodLaunch: Readonly<Record<string, string>> = {
  ImageId: amiId,
  InstanceType: 'm6i.2xlarge',
  MinCount: '1',
  MaxCount: '1',
  ClientToken: 'token-1',
  UserData: encode('[settings.host-containers.admin]\nenabled = true\n[settings.kubernetes]\nhostname-override-source = "instance-id"\n'),
  InstanceInitiatedShutdownBehavior: 'terminate',
  'IamInstanceProfile.Name': 'prebake-builder',
  'NetworkInterface.1.DeviceIndex': '0',
  'NetworkInterface.1.SubnetId': subnets.public.subnetId,
  'NetworkInterface.1.AssociatePublicIpAddress': 'true',
  'BlockDeviceMapping.1.DeviceName': '/dev/xvdb',
  'BlockDeviceMapping.1.Ebs.VolumeSize': '150',
  'BlockDeviceMapping.1.Ebs.VolumeType': 'gp3',
  'BlockDeviceMapping.1.Ebs.Iops': '4000',
  'BlockDeviceMapping.1.Ebs.Throughput': '1000',
  'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
  'TagSpecification.1.ResourceType': 'instance',
  'TagSpecification.1.Tag.1.Key': 'prebake:run',
  'TagSpecification.1.Tag.1.Value': 'run 1',
}

/** `goodLaunch` with changes; undefined takes a parameter out. */
export const launchWith = (changes: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...goodLaunch, ...changes }).filter((entry): entry is [string, string] => entry[1] !== undefined))

/** Launches, and returns the instance's ID. */
export async function launch(aws: RunningAws, changes: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  const { status, body } = await query(aws.url, 'RunInstances', launchWith(changes))
  const instanceId = /<instanceId>(.*?)<\/instanceId>/.exec(body)?.[1]
  if (status !== 200 || instanceId === undefined) throw new Error(body)
  return instanceId
}
