import type { Cloud } from './cloud.ts'
import { dataDevice } from './images.ts'
import type { Instance, Volume } from './store.ts'

/** The volumes that are attached to an instance. */
export const volumesOf = (cloud: Cloud, instance: Instance): readonly Volume[] =>
  instance.devices.flatMap((device) => cloud.store.volumes.get(device.volumeId) ?? [])

/** Copies a volume's content as it is now, and returns the folder that holds it; undefined for a volume whose content is not played. */
export async function copyVolume(cloud: Cloud, volume: Volume, folder: string): Promise<string | undefined> {
  if (volume.deviceName !== dataDevice.name) return undefined
  const machine = cloud.machines.get(volume.instanceId)
  // Nothing writes to a volume at rest any more, so that its folder can be shared.
  if (machine?.atRest) return machine.atRest
  if (machine?.sandbox === undefined) return volume.snapshotId === undefined ? undefined : cloud.contents.get(volume.snapshotId)
  const sandbox = await machine.sandbox
  machine.copying = sandbox.copyDataVolume(folder)
  await machine.copying
  return folder
}
