import { accountId, instanceProfile, region, securityGroup, vpc } from '../account.ts'
import { rootDevice } from '../images.ts'
import type { Instance, InstanceStateName } from '../store.ts'
import { date, list, tagSet, type XmlContent } from './xml.ts'

/** EC2's number for each state. */
export const stateCodes: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
}

export const presentState = (name: InstanceStateName): XmlContent => ({ code: stateCodes[name], name })

/** A reservation as RunInstances and DescribeInstances show it; each launch makes one with one instance. */
export function presentReservation(instance: Instance): XmlContent {
  return {
    reservationId: instance.reservationId,
    ownerId: accountId,
    groupSet: list([], () => undefined),
    instancesSet: list([instance], presentInstance),
  }
}

function presentInstance(instance: Instance): XmlContent {
  const gone = instance.state === 'terminated'
  const privateName = `ip-${instance.privateAddress.replaceAll('.', '-')}.${region}.compute.internal`
  const publicAddress = instance.state === 'running' ? instance.publicAddress : undefined
  const groups = list(instance.securityGroupIds, (groupId) => ({ groupId, groupName: securityGroup.groupName }))
  return {
    instanceId: instance.instanceId,
    imageId: instance.imageId,
    instanceState: presentState(instance.state),
    privateDnsName: gone ? '' : privateName,
    dnsName: '',
    reason: instance.transitionReason,
    stateReason: instance.stateReason && { ...instance.stateReason },
    amiLaunchIndex: 0,
    productCodes: list([], () => undefined),
    instanceType: instance.instanceType,
    launchTime: date(instance.launchTime),
    placement: { availabilityZone: instance.availabilityZone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    subnetId: gone ? undefined : instance.subnetId,
    vpcId: gone ? undefined : vpc.vpcId,
    privateIpAddress: gone ? undefined : instance.privateAddress,
    ipAddress: publicAddress,
    groupSet: gone ? list([], () => undefined) : groups,
    architecture: instance.architecture,
    rootDeviceType: 'ebs',
    rootDeviceName: rootDevice.name,
    blockDeviceMapping: list(instance.devices, (device) => ({
      deviceName: device.deviceName,
      ebs: {
        volumeId: device.volumeId,
        status: instance.state === 'pending' ? 'attaching' : 'attached',
        attachTime: date(instance.launchTime),
        deleteOnTermination: device.deleteOnTermination,
      },
    })),
    virtualizationType: 'hvm',
    clientToken: instance.clientToken ?? '',
    tagSet: tagSet(instance.tags),
    hypervisor: 'xen',
    networkInterfaceSet: gone
      ? list([], () => undefined)
      : list([instance.networkInterfaceId], (networkInterfaceId) => ({ networkInterfaceId })),
    iamInstanceProfile: instance.instanceProfileArn && {
      arn: instance.instanceProfileArn,
      id: `AIPA${instanceProfile.name.toUpperCase().replace('-', '')}`,
    },
    ebsOptimized: false,
    enaSupport: true,
    metadataOptions: { state: 'applied', httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
  }
}
