import { timings } from '../timings.ts'
import { kmsKeyArn } from './account.ts'
import { planBoot } from './plan-boot.ts'
import { jittered, type Cloud, type Machine } from './cloud.ts'
import { inBackground, shutDown, stop, terminate } from './end-instance.ts'
import { dataDevice } from './images.ts'
import type { Instance } from './store.ts'
import { volumesOf } from './volume-content.ts'

const newMachine = (): Machine => ({
  sandbox: undefined,
  atRest: undefined,
  copying: undefined,
  ending: undefined,
  agentOnline: false,
  agentLost: false,
  agentSeen: undefined,
  adminReady: false,
})

/** Takes a new instance through `pending` to `running`, its SSM agent online and its admin container up, as far as each can come. */
export function bringUp(cloud: Cloud, instance: Instance): void {
  const machine = newMachine()
  cloud.machines.set(instance.instanceId, machine)
  inBackground(instance, async () => {
    await cloud.clock.sleep(jittered(cloud, timings.instancePending))
    if (cloud.closed || instance.state !== 'pending') return
    if (volumesOf(cloud, instance).some((volume) => volume.kmsKeyId !== undefined && !knownKeys.has(volume.kmsKeyId))) {
      const code = 'Client.InvalidKMSKey.InvalidState'
      instance.stateReason = { code, message: `${code}: The KMS key provided is in an incorrect state` }
      return shutDown(cloud, instance)
    }
    instance.state = 'running'
    instance.stateReason = undefined
    machine.sandbox = startSandbox(cloud, instance)
    await Promise.all([cloud.clock.sleep(jittered(cloud, timings.agentOnline)), machine.sandbox])
    const boot = planBoot(instance)
    if (cloud.closed || instance.state !== 'running' || machine.agentLost || !boot.agent) return
    machine.agentOnline = true
    machine.agentSeen = cloud.clock.now()
    if (!boot.admin) return
    await cloud.clock.sleep(jittered(cloud, timings.adminReady))
    machine.adminReady = instance.state === 'running'
  })
}

const knownKeys = new Set([kmsKeyArn, 'alias/aws/ebs'])

function startSandbox(cloud: Cloud, instance: Instance) {
  const data = volumesOf(cloud, instance).find((volume) => volume.deviceName === dataDevice.name)
  const fromVolume = data?.snapshotId === undefined ? undefined : cloud.contents.get(data.snapshotId)
  return cloud.createSandbox({
    folder: cloud.folder,
    clock: cloud.clock,
    bottlerocketVersion: instance.bottlerocketVersion,
    containerdVersion: instance.containerdVersion,
    ...(fromVolume !== undefined && { fromVolume }),
    ...(data && { dataVolumeGiB: data.sizeGiB }),
    onPowerOff: () => powerOff(cloud, instance),
  })
}

/** What an instance does that shuts itself down is its launch's choice. */
export function powerOff(cloud: Cloud, instance: Instance): void {
  if (cloud.closed || instance.state !== 'running') return
  if (instance.shutdownBehavior === 'terminate') terminate(cloud, instance, 'instance')
  else stop(cloud, instance, 'instance')
}
