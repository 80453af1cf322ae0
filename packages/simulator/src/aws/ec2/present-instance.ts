import { accountId, securityGroup, vpc } from '../account.ts'
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

/** As far as a client of the simulator reads it; what a terminated instance no longer has is left out. */
function presentInstance(instance: Instance): XmlContent {
  const gone = instance.state === 'terminated'
  return {
    instanceId: instance.instanceId,
    imageId: instance.imageId,
    instanceState: presentState(instance.state),
    reason: instance.transitionReason,
    stateReason: instance.stateReason && { ...instance.stateReason },
    instanceType: instance.instanceType,
    launchTime: date(instance.launchTime),
    placement: { availabilityZone: instance.availabilityZone },
    subnetId: gone ? undefined : instance.subnetId,
    vpcId: gone ? undefined : vpc.vpcId,
    privateIpAddress: gone ? undefined : instance.privateAddress,
    ipAddress: instance.state === 'running' ? instance.publicAddress : undefined,
    groupSet: list(gone ? [] : instance.securityGroupIds, (groupId) => ({ groupId, groupName: securityGroup.groupName })),
    architecture: instance.architecture,
    rootDeviceName: rootDevice.name,
    blockDeviceMapping: list(instance.devices, (device) => ({
      deviceName: device.deviceName,
      ebs: {
        volumeId: device.volumeId,
        status: instance.state === 'pending' ? 'attaching' : 'attached',
        deleteOnTermination: device.deleteOnTermination,
      },
    })),
    clientToken: instance.clientToken ?? '',
    tagSet: tagSet(instance.tags),
    iamInstanceProfile: instance.instanceProfileArn && { arn: instance.instanceProfileArn },
  }
}
