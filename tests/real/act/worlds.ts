import { versions } from '@prebake/versions'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { simulatedClock } from '@prebake/simulator'
import { createEks } from '@prebake/simulator/eks'
import { createHostSandbox } from '@prebake/simulator/sandbox'
import { grantShippedRole } from '../cluster/scenes/deploy-role.ts'
import { clusterName, nodeRole } from '../cluster/aws/world.ts'
import { deployer, deployGroup, startControlPlane, type ControlPlane } from '../cluster/start-control-plane.ts'
import { startFrontOfMoto, type AnswerFirst } from '../moto/front-of-moto.ts'
import { createMachines } from '../moto/machines.ts'
import { region, startMoto } from '../moto/start-moto.ts'
import { serveAuthenticator } from './serve-eks.ts'
import { rate, type World } from './start-scene.ts'

/** moto as AWS, with sandboxes as its instances, and the real control plane with the real Karpenter as the EKS cluster. Needs a network of its own. */
export function clusterWorld(tell: (plane: ControlPlane) => void): World {
  return async (simulator, folder) => {
    const moto = await startMoto(folder, { kubernetes: [versions.kubernetes, '1.36'] })
    const volumes = join(folder, 'machines')
    const settings = { folder: volumes, clock: simulatedClock(rate), bottlerocketVersion: versions.bottlerocket }
    const machines = createMachines(volumes, (fromVolume) => createHostSandbox({ ...settings, ...(fromVolume && { fromVolume }) }))
    const authenticator = await serveAuthenticator(clusterName, region, simulator.account.credentials, {
      username: deployer,
      groups: [deployGroup],
    })
    const plane = await startControlPlane({ authenticator: authenticator.url, hasSnapshot: (id) => existsSync(join(volumes, id)) })
    await grantShippedRole(plane.api)
    const front = await startFrontOfMoto(moto.url, machines, eksOf(plane))
    tell(plane)
    return {
      aws: front.url,
      running: machines.running,
      variables: { PREBAKE_CLUSTER_NAME: clusterName, PREBAKE_NODE_ROLE: nodeRole },
      async stop() {
        await front.stop()
        await plane[Symbol.asyncDispose]()
        await authenticator.stop()
        await machines.stop()
        await moto.stop()
      },
    }
  }
}

function eksOf({ server: endpoint, authority }: ControlPlane): AnswerFirst {
  const eks = createEks({ name: clusterName, endpoint, authority })
  return ({ method = 'GET', url = '/', headers }) => {
    if (!url.startsWith('/clusters')) return undefined
    const { status, body } = eks.handle({ method, url: new URL(url, 'http://127.0.0.1'), headers, body: Buffer.alloc(0) }) as {
      status: number
      body: string
    }
    return { status, body }
  }
}

/** The simulator's own AWS and cluster. */
export const simulatedWorld: World = (simulator) =>
  Promise.resolve({
    aws: simulator.endpoints.aws,
    running: () =>
      simulator.aws
        .instances()
        .filter(({ state }) => state === 'running')
        .map(({ instanceId }) => instanceId),
    stop: () => Promise.resolve(),
  })
