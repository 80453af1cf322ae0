import { AwsError } from '../aws-error.ts'
import type { Cloud } from '../cloud.ts'
import type { Instance } from '../store.ts'
import { epochSeconds, objects, strings, type JsonObject } from './json.ts'

/**
 * The instances whose agent has reported, `Online` while it does; a stopped one is `ConnectionLost`, a terminated one is left out.
 * An instance that cannot reach SSM is never there.
 */
export function describeInstanceInformation(cloud: Cloud, input: JsonObject): JsonObject {
  const filters = objects(input['Filters']).map((filter) => ({ key: filter['Key'], values: strings(filter['Values']) }))
  for (const filter of filters) {
    if (filter.key !== 'InstanceIds') throw new AwsError('InvalidInstanceInformationFilterValue', '')
  }
  const seen = [...cloud.store.instances.values()].filter((instance) => cloud.machines.get(instance.instanceId)?.agentSeen !== undefined)
  const wanted = seen.filter((instance) => filters.every((filter) => filter.values.includes(instance.instanceId)))
  return {
    InstanceInformationList: wanted.filter((instance) => instance.state !== 'terminated').map((instance) => present(cloud, instance)),
  }
}

function present(cloud: Cloud, instance: Instance): JsonObject {
  const machine = cloud.machines.get(instance.instanceId)
  const lastPing = machine?.agentOnline ? cloud.clock.now() : (machine?.agentSeen ?? instance.launchTime)
  return {
    InstanceId: instance.instanceId,
    PingStatus: machine?.agentOnline ? 'Online' : 'ConnectionLost',
    LastPingDateTime: epochSeconds(lastPing),
    PlatformType: 'Linux',
    ResourceType: 'EC2Instance',
    IPAddress: instance.privateAddress,
  }
}
