import { versions } from '@prebake/versions'
import { join } from 'node:path'
import { simulatedClock } from '@prebake/simulator'
import { createHostSandbox } from '@prebake/simulator/sandbox'
import { startFrontOfMoto } from '../moto/front-of-moto.ts'
import { createMachines } from '../moto/machines.ts'
import { startMoto } from '../moto/start-moto.ts'
import { rate, type World } from './start-scene.ts'

/** moto as AWS, with sandboxes as its instances. It has no cluster. */
export const motoWorld: World = async (_simulator, folder) => {
  const moto = await startMoto(folder)
  const settings = { folder: join(folder, 'machines'), clock: simulatedClock(rate), bottlerocketVersion: versions.bottlerocket }
  const machines = createMachines(settings.folder, (fromVolume) => createHostSandbox({ ...settings, ...(fromVolume && { fromVolume }) }))
  const front = await startFrontOfMoto(moto.url, machines)
  return {
    aws: front.url,
    running: machines.running,
    async stop() {
      await front.stop()
      await machines.stop()
      await moto.stop()
    },
  }
}

/** The simulator's own AWS and cluster. */
export const simulatedWorld: World = (simulator) =>
  Promise.resolve({
    aws: simulator.endpoints.aws,
    running: () => simulator.aws.instances().filter(({ state }) => state === 'running').map(({ instanceId }) => instanceId),
    stop: () => Promise.resolve(),
  })
