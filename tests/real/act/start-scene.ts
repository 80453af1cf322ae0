import { versions } from '@prebake/versions'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulatedClock, startSimulator, type Simulator } from '@prebake/simulator'
import { createHostSandbox } from '@prebake/simulator/sandbox'
import { startFrontOfMoto, type FrontOfMoto } from '../moto/front-of-moto.ts'
import { createMachines } from '../moto/machines.ts'
import { instanceProfile, region, startMoto } from '../moto/start-moto.ts'
import { layOutPrebake, startRepository, type LocalRepository } from './lay-out-repositories.ts'
import { runAct, type ActResult, type ActRun, type ActSettings } from './run-act.ts'

/** Sixty times as fast; real scripts keep up. */
const rate = 60

/** act, with moto as AWS, sandboxes as its instances, and the simulator's hub, registry and GitHub. */
export interface ActScene {
  readonly simulator: Simulator
  readonly front: FrontOfMoto
  readonly prebake: LocalRepository
  /** A repository of someone who uses the project: `octo-org/vllm-on-eks`. */
  readonly stranger: LocalRepository
  /** IDs of the instances that run. */
  running(): readonly string[]
  run(run: Omit<ActRun, 'repository'> & { readonly repository?: LocalRepository }, changes?: Partial<ActSettings>): Promise<ActResult>
  [Symbol.asyncDispose](): Promise<void>
}

export const roles = {
  build: 'arn:aws:iam::123456789012:role/prebake-build',
  deploy: 'arn:aws:iam::123456789012:role/prebake-deploy',
}

export async function startScene(): Promise<ActScene> {
  const folder = mkdtempSync(join(tmpdir(), 'prebake-act-'))
  const simulator = await startSimulator({ rate })
  const moto = await startMoto(folder)
  const settings = { folder: join(folder, 'machines'), clock: simulatedClock(rate), bottlerocketVersion: versions.bottlerocket }
  const machines = createMachines(settings.folder, (fromVolume) => createHostSandbox({ ...settings, ...(fromVolume && { fromVolume }) }))
  const front = await startFrontOfMoto(moto.url, machines)
  const prebake = layOutPrebake(join(folder, 'prebake'))
  const stranger = startRepository('octo-org/vllm-on-eks', join(folder, 'stranger'))
  const { AWS_ACCESS_KEY_ID: key = '', AWS_SECRET_ACCESS_KEY: secret = '', GITHUB_REPOSITORY: _, ...environment } = simulator.environment

  const common: ActSettings = {
    folder,
    repositories: [prebake, stranger],
    variables: {
      PREBAKE_BUILD_ROLE: roles.build,
      PREBAKE_DEPLOY_ROLE: roles.deploy,
      PREBAKE_INSTANCE_PROFILE: instanceProfile,
      PREBAKE_APP_CLIENT_ID: 'Iv23liexample',
      PREBAKE_CLUSTER_NAME: simulator.clusterName,
      PREBAKE_NODE_ROLE: 'KarpenterNodeRole-demo',
      AWS_REGION: region,
    },
    secrets: {
      GITHUB_TOKEN: simulator.githubToken,
      HF_TOKEN: simulator.hubToken,
      PREBAKE_APP_PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----',
    },
    environment: {
      ...environment,
      AWS_ENDPOINT_URL: front.url,
      AWS_REGION: '',
      PREBAKE_ACT_AWS: JSON.stringify(Object.fromEntries(Object.values(roles).map((role) => [role, { key, secret }]))),
      PREBAKE_ACT_TOKENS: JSON.stringify({ 'actions_variables:write': simulator.variableToken }),
    },
  }
  return {
    simulator,
    front,
    prebake,
    stranger,
    running: machines.running,
    run: (run, changes = {}) => runAct({ repository: prebake, ...run }, { ...common, ...changes }),
    async [Symbol.asyncDispose]() {
      await front.stop()
      await machines.stop()
      await moto.stop()
      await simulator.stop()
      if (process.env['PREBAKE_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
