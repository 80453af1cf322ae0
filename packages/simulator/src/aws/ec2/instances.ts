import { vpc } from '../account.ts'
import { AwsError } from '../aws-error.ts'
import { isVisible, type Cloud } from '../cloud.ts'
import { stop, terminate } from '../end-instance.ts'
import type { Instance } from '../store.ts'
import { presentReservation, presentState, stateCodes } from './present-instance.ts'
import { texts, type QueryParameters } from './query-parameters.ts'
import { filterBy, pageOf } from './select.ts'
import { list, type XmlContent } from './xml.ts'

/** @throws AwsError InvalidInstanceID.Malformed, InvalidInstanceID.NotFound. */
export function findInstance(cloud: Cloud, instanceId: string): Instance {
  if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(instanceId)) throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${instanceId}"`)
  const instance = cloud.store.instances.get(instanceId)
  if (instance === undefined) throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`)
  return instance
}

export function describeInstances(cloud: Cloud, parameters: QueryParameters): XmlContent {
  const ids = texts(parameters, 'InstanceId')
  if (ids.length > 0 && parameters['MaxResults'] !== undefined) {
    throw new AwsError('InvalidParameterCombination', 'The parameter instancesSet cannot be used with the parameter maxResults')
  }
  const asked = ids.length > 0 ? ids.map((id) => findInstance(cloud, id)) : [...cloud.store.instances.values()]
  const early = asked.find((instance) => !isVisible(cloud, instance.launchTime))
  if (ids.length > 0 && early) throw new AwsError('InvalidInstanceID.NotFound', `The instance ID '${early.instanceId}' does not exist`)
  const valuesOf = (instance: Instance) => ({
    'instance-id': [instance.instanceId],
    'instance-state-name': [instance.state],
    'instance-state-code': [String(stateCodes[instance.state])],
    'instance-type': [instance.instanceType],
    'client-token': instance.clientToken === undefined ? [] : [instance.clientToken],
    'image-id': [instance.imageId],
    'subnet-id': [instance.subnetId],
    'vpc-id': [vpc.vpcId],
    'availability-zone': [instance.availabilityZone],
  })
  const visible = asked.filter((instance) => isVisible(cloud, instance.launchTime))
  const page = pageOf(
    parameters,
    filterBy(parameters, visible, valuesOf, (instance) => instance.tags),
  )
  return { reservationSet: list(page.items, presentReservation), nextToken: page.nextToken }
}

export function stopInstances(cloud: Cloud, parameters: QueryParameters): XmlContent {
  return changeStates(cloud, parameters, (instance) => {
    if (instance.state === 'stopping' || instance.state === 'stopped') return
    if (instance.state !== 'running') {
      throw new AwsError('IncorrectInstanceState', `This instance '${instance.instanceId}' is not in a state from which it can be stopped.`)
    }
    stop(cloud, instance, 'user')
  })
}

/** May be repeated: a terminated instance stays so. */
export function terminateInstances(cloud: Cloud, parameters: QueryParameters): XmlContent {
  return changeStates(cloud, parameters, (instance) => {
    if (instance.state !== 'shutting-down' && instance.state !== 'terminated') terminate(cloud, instance, 'user')
  })
}

/** All of the instances are looked up before any is touched. */
function changeStates(cloud: Cloud, parameters: QueryParameters, change: (instance: Instance) => void): XmlContent {
  const ids = texts(parameters, 'InstanceId')
  if (ids.length === 0) throw new AwsError('MissingParameter', 'The request must contain the parameter InstanceId')
  const instances = ids.map((id) => findInstance(cloud, id))
  return {
    instancesSet: list(instances, (instance) => {
      const previous = instance.state
      change(instance)
      return { instanceId: instance.instanceId, currentState: presentState(instance.state), previousState: presentState(previous) }
    }),
  }
}
