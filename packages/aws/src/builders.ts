import { StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2'
import type { Builders } from '@prebake/snapshot'
import { call, onErrorCode } from './call.ts'
import type { Clients } from './clients.ts'
import { architecturesOf } from './describe-instance-type.ts'
import { describeSubnet, describeSubnets } from './describe-subnet.ts'
import { dataVolumeOf, findBuilders, getBuilder } from './find-builders.ts'
import { findImage } from './find-image.ts'
import { launchBuilder } from './launch-builder.ts'
import { isOnline, getCommand, sendCommand } from './run-command.ts'

/** EC2 instances as builders that run commands through SSM. */
export function createBuilders({ ec2, ssm }: Clients): Builders {
  return {
    findImage: (wanted, signal) => findImage(ssm, wanted, signal),
    describeSubnet: (subnetId, signal) => describeSubnet(ec2, subnetId, signal),
    describeSubnets: (vpcId, signal) => describeSubnets(ec2, vpcId, signal),
    architecturesOf: (instanceType, signal) => architecturesOf(ec2, instanceType, signal),
    launch: (spec, signal) => launchBuilder(ec2, spec, signal),
    get: (instanceId, signal) => getBuilder(ec2, instanceId, signal),
    isOnline: (instanceId, signal) => isOnline(ssm, instanceId, signal),
    find: (tags, signal) => findBuilders(ec2, tags, signal),
    send: (instanceId, line, timeoutSeconds, signal) => sendCommand(ssm, instanceId, line, timeoutSeconds, signal),
    getCommand: (instanceId, commandId, signal) => getCommand(ssm, instanceId, commandId, signal),
    dataVolume: (instanceId, signal) => dataVolumeOf(ec2, instanceId, signal),
    async stop(instanceId, signal) {
      const command = new StopInstancesCommand({ InstanceIds: [instanceId] })
      await call('ec2:StopInstances', signal, (options) => ec2.send(command, options))
    },
    async terminate(instanceId, signal) {
      const command = new TerminateInstancesCommand({ InstanceIds: [instanceId] })
      await call('ec2:TerminateInstances', signal, (options) => ec2.send(command, options)).catch(
        onErrorCode(['InvalidInstanceID.NotFound'], undefined),
      )
    },
  }
}
