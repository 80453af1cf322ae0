import { join } from 'node:path'
import { timings } from '../timings.ts'
import { jittered, type Cloud, type Machine } from './cloud.ts'
import type { HostSandbox } from './host.ts'
import { dataDevice } from './images.ts'
import type { Instance } from './store.ts'
import { volumesOf } from './volume-content.ts'

/** Why an instance leaves `running`: someone asked EC2, or its own operating system shut down. */
export type Cause = 'user' | 'instance'

/** `running` → `stopping` → `stopped`. Its processes end when it has stopped; the data volume keeps what they wrote. */
export function stop(cloud: Cloud, instance: Instance, cause: Cause): void {
  leaveRunning(cloud, instance, cause)
  instance.state = 'stopping'
  inBackground(instance, async () => {
    await cloud.clock.sleep(jittered(cloud, timings.instanceStop))
    if (cloud.closed || instance.state !== 'stopping') return
    await putToRest(cloud, instance)
    // It may have been terminated meanwhile.
    if ((instance.state as string) === 'stopping') instance.state = 'stopped'
  })
}

/** Ends an instance in any state, and says why. */
export function terminate(cloud: Cloud, instance: Instance, cause: Cause): void {
  leaveRunning(cloud, instance, cause)
  shutDown(cloud, instance)
}

/** Any state → `shutting-down` → `terminated`, whatever the reason. */
export function shutDown(cloud: Cloud, instance: Instance): void {
  instance.state = 'shutting-down'
  inBackground(instance, async () => {
    const keepsData = instance.devices.some((device) => device.deviceName === dataDevice.name && !device.deleteOnTermination)
    await (keepsData ? putToRest(cloud, instance) : endProcesses(cloud, instance))
    await cloud.clock.sleep(jittered(cloud, timings.instanceTerminate))
    if (cloud.closed) return
    instance.state = 'terminated'
    for (const volume of volumesOf(cloud, instance)) {
      if (volume.deleteOnTermination) cloud.store.volumes.delete(volume.volumeId)
      else volume.attached = false
    }
    instance.devices = []
  })
}

function leaveRunning(cloud: Cloud, instance: Instance, cause: Cause): void {
  const machine = cloud.machines.get(instance.instanceId)
  if (machine?.agentOnline) machine.agentSeen = cloud.clock.now()
  if (machine) machine.agentOnline = machine.adminReady = false
  const code = cause === 'user' ? 'Client.UserInitiatedShutdown' : 'Client.InstanceInitiatedShutdown'
  instance.stateReason = { code, message: `${code}: ${cause === 'user' ? 'User' : 'Instance'} initiated shutdown` }
  const time = cloud.clock.now().toISOString().slice(0, 19).replace('T', ' ')
  instance.transitionReason = cause === 'user' ? `User initiated (${time} GMT)` : ''
}

async function putToRest(cloud: Cloud, instance: Instance): Promise<void> {
  const machine = cloud.machines.get(instance.instanceId)
  if (machine?.sandbox === undefined) return
  const folder = join(cloud.folder, `volume-of-${instance.instanceId}`)
  machine.atRest ??= machine.sandbox.then((sandbox) => sandbox.copyDataVolume(folder)).then(() => folder)
  await machine.atRest
  await endProcesses(cloud, instance)
}

/** Whoever asks while it is under way waits for the same end. */
async function endProcesses(cloud: Cloud, instance: Instance): Promise<void> {
  const machine = cloud.machines.get(instance.instanceId)
  if (machine?.sandbox !== undefined) machine.ending = endSandbox(machine, machine.sandbox)
  await machine?.ending
}

async function endSandbox(machine: Machine, sandbox: Promise<HostSandbox>): Promise<void> {
  machine.sandbox = undefined
  await Promise.allSettled([machine.copying, machine.atRest])
  // That it could not be made was reported then.
  const host = await sandbox.catch(() => undefined)
  await host?.destroy()
}

/** Ends the processes of every instance; nothing that still sleeps does anything afterwards. */
export async function closeMachines(cloud: Cloud): Promise<void> {
  cloud.closed = true
  await Promise.all([...cloud.store.instances.values()].map((instance) => endProcesses(cloud, instance)))
}

/** Starts what an instance does by itself. What goes wrong there is a fault of the simulator, and must not pass unseen. */
export function inBackground(instance: Instance, work: () => Promise<void> | void): void {
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      process.stderr.write(`simulator: ${instance.instanceId}: ${String((error as Error)?.stack ?? error)}\n`)
    })
}
