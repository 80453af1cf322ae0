import { AwsError, dryRunOperation } from '../aws-error.ts'
import { newId, type Cloud } from '../cloud.ts'
import { bringUp } from '../bring-up.ts'
import type { Device, Instance, Tags } from '../store.ts'
import type { VolumePlan } from './block-devices.ts'
import { presentReservation } from './present-instance.ts'
import { flag, text, type QueryParameters } from './query-parameters.ts'
import { readLaunch } from './read-launch.ts'
import type { XmlContent } from './xml.ts'

/**
 * Launches one instance. A repeated client token returns the instance that it made, even a terminated one
 * (EC2 API reference, "Ensuring idempotency"); with other parameters it is an error.
 */
export function runInstances(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const clientToken = text(parameters, 'ClientToken')
  if (clientToken !== undefined && !/^[\x21-\x7e]{1,64}$/.test(clientToken)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${clientToken}) for parameter clientToken is invalid. Token should be up to 64 ASCII characters.`,
    )
  }
  const asked = JSON.stringify(parameters)
  const earlier = clientToken === undefined ? undefined : cloud.store.launches.get(clientToken)
  if (earlier && earlier.asked !== asked) {
    throw new AwsError(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    )
  }
  const before = earlier && cloud.store.instances.get(earlier.instanceId)
  if (before) return presentReservation(before)

  const launch = readLaunch(cloud, parameters)
  if (flag(parameters, 'DryRun')) throw dryRunOperation()

  const instanceId = newId(cloud, 'i')
  const launchTime = cloud.clock.now()
  const instance: Instance = {
    instanceId,
    reservationId: newId(cloud, 'r'),
    clientToken,
    imageId: launch.image.imageId,
    bottlerocketVersion: launch.image.bottlerocketVersion,
    containerdVersion: launch.image.containerdVersion,
    instanceType: launch.type.name,
    architecture: launch.type.architecture,
    subnetId: launch.subnet.subnetId,
    availabilityZone: launch.subnet.availabilityZone,
    securityGroupIds: launch.securityGroupIds,
    instanceProfileArn: launch.instanceProfileArn,
    privateAddress: `${launch.subnet.cidr.split('.').slice(0, 3).join('.')}.${10 + cloud.store.instances.size}`,
    publicAddress: launch.publicAddress ? `203.0.113.${10 + cloud.store.instances.size}` : undefined,
    userData: launch.userData,
    shutdownBehavior: launch.shutdownBehavior,
    launchTime,
    tags: launch.tags['instance'] ?? {},
    devices: launch.volumes.map((plan) =>
      createVolume(cloud, plan, instanceId, launchTime, launch.subnet.availabilityZone, launch.tags['volume'] ?? {}),
    ),
    state: 'pending',
    stateReason: { code: 'pending', message: 'pending' },
    transitionReason: '',
  }
  cloud.store.instances.set(instanceId, instance)
  if (clientToken !== undefined) cloud.store.launches.set(clientToken, { asked, instanceId })
  bringUp(cloud, instance)
  return presentReservation(instance)
}

function createVolume(cloud: Cloud, plan: VolumePlan, instanceId: string, createTime: Date, availabilityZone: string, tags: Tags): Device {
  const volumeId = newId(cloud, 'vol')
  cloud.store.volumes.set(volumeId, { ...plan, volumeId, instanceId, createTime, availabilityZone, tags, attached: true })
  return { deviceName: plan.deviceName, volumeId, deleteOnTermination: plan.deleteOnTermination }
}
