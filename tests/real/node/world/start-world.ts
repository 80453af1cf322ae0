import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep, type PhaseResult } from '@prebake/action-kit/testing'
import { startSimulator, type Simulator } from '@prebake/simulator'
import { startHub, type RunningHub } from '@prebake/simulator/hub'
import { buildParts } from '../../cluster/build-parts.ts'
import { grantShippedRole } from '../../cluster/scenes/deploy-role.ts'
import { deployer, startControlPlane, type ControlPlane } from '../../cluster/start-control-plane.ts'
import { startFrontOfMoto, type FrontOfMoto } from '../../moto/front-of-moto.ts'
import { createMachines } from '../../moto/machines.ts'
import { region, startMoto } from '../../moto/start-moto.ts'
import { bootNodes, type BootedNodes } from '../boot-nodes.ts'
import { buildContainerd } from '../build-containerd.ts'
import { buildServed, imageName, imageTag } from '../build-image.ts'
import { bootBuilder } from './boot-builder.ts'
import { hubModel } from './hub-model.ts'
import { makePause } from './make-pause.ts'
import { openDisk, type Disk } from './open-disk.ts'
import { openFillingVolume, type FillingVolume, type Volume } from './open-filling-volume.ts'
import { startOutside, type Outside } from './outside.ts'
import { serveRegistry } from './serve-registry.ts'

/** What the model is called at the hub: the shipped baseline names it. */
export const model = 'TheBloke/Mistral-7B-Instruct-v0.2-AWQ'
const commit = '5f9c1b7e3a2d48c06b1e94d7f8a30c5276e4b1d9'
/** Minor version of the control plane that tests/real/cluster builds. */
export const kubernetes = '1.36'
export const registryAddress = '127.0.0.1:5010'
export const image = `${registryAddress}/${imageName}:${imageTag}`

/** What the actions of the last run wrote: for whoever wants to know why a test fails. */
const stepsLog = join(import.meta.dirname, '../../../../out/real/steps.log')

export interface StepResult extends PhaseResult {
  readonly errors: readonly string[]
  /** Undefined where the action has no post. */
  readonly cleaned: PhaseResult | undefined
}

/** Builders, a cluster with nodes that boot, registry and hub on this machine; GitHub is the simulator's. */
export interface World {
  readonly folder: string
  readonly disk: Disk
  /** Folder with the file that each snapshot is. */
  readonly snapshots: string
  readonly hub: RunningHub
  readonly github: Simulator
  readonly front: FrontOfMoto
  readonly plane: ControlPlane
  readonly nodes: BootedNodes
  /** Path of the real kubectl, and of an administrator's kubeconfig. */
  readonly kubectl: string
  /** From now on, nodes that boot pull their images through a link of so many Mbit/s, and pods reach a hub behind it. */
  limitNetwork(megabits: number): Promise<Outside>
  /** From now on, nodes boot on volumes that fill from their snapshot at so many MiB/s (Infinity: no limit), or, with undefined, on whole ones. */
  fillVolumes(mebibytesPerSecond: number | undefined): void
  /** Those that have filled so, the last one last. */
  readonly filling: readonly FillingVolume[]
  /** Runs one of the actions' bundle, and then its post. */
  step(action: string, inputs: Readonly<Record<string, string>>): Promise<StepResult>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startWorld(): Promise<World> {
  const [served, containerd, parts] = [buildServed(), buildContainerd(), buildParts()]
  const folder = mkdtempSync(join(tmpdir(), 'prebake-node-'))
  mkdirSync(join(stepsLog, '..'), { recursive: true })
  writeFileSync(stepsLog, '')
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const end of ends.toReversed()) await end()
  }
  try {
    const disk = openDisk(folder)
    ends.push(() => disk.close())
    const registry = await serveRegistry(folder, served.registry, registryAddress)
    ends.push(() => registry.stop())
    const hub = await startHub({ rate: 10, models: [hubModel(model, commit, served.model('tiny'))], storeHost: 'localhost' })
    ends.push(() => hub.close())
    const github = await startSimulator({ rate: 1 })
    ends.push(() => github.stop())
    const moto = await startMoto(folder, { kubernetes: [kubernetes] })
    ends.push(() => moto.stop())
    const snapshots = join(disk.folder, 'snapshots')
    mkdirSync(snapshots)
    const machines = createMachines(snapshots, (fromVolume) => bootBuilder(disk, containerd, fromVolume))
    ends.push(() => machines.stop())
    const front = await startFrontOfMoto(moto.url, machines)
    ends.push(() => front.stop())

    let nodes: BootedNodes | undefined
    let registries: Record<string, string> = {}
    let fillRate: number | undefined
    const filling: FillingVolume[] = []
    const makeVolume = async (id: string, snapshotId: string | undefined): Promise<Volume> => {
      const snapshot = snapshotId && join(snapshots, snapshotId)
      if (snapshot !== undefined && fillRate !== undefined) {
        const volume = await openFillingVolume(join(disk.folder, `${id}.filling`), snapshot, fillRate)
        filling.push(volume)
        return volume
      }
      const file = await disk.makeVolume(id, snapshot)
      return { file, close: async () => rmSync(file, { force: true }) }
    }
    const programs = { kubelet: parts.program('kubelet'), containerd, pause: makePause(folder) }
    const plane = await startControlPlane({
      hasSnapshot: (id) => existsSync(join(snapshots, id)),
      bootNodes: (place) =>
        (nodes = bootNodes(place, {
          folder: join(folder, 'nodes'),
          programs,
          settings: () => ({ registries }),
          makeVolume,
        })),
    })
    ends.push(() => plane[Symbol.asyncDispose]())
    await grantShippedRole(plane.api)

    const environment: Record<string, string> = {
      ...github.environment,
      AWS_ENDPOINT_URL: front.url,
      AWS_REGION: region,
      HF_ENDPOINT: hub.url,
    }
    // The time here is real.
    for (const name of ['PREBAKE_CLOCK_RATE', 'PREBAKE_CLOCK_ORIGIN']) delete environment[name]
    return {
      folder,
      disk,
      snapshots,
      hub,
      github,
      front,
      plane,
      nodes: nodes as unknown as BootedNodes,
      kubectl: parts.program('kubectl'),
      async limitNetwork(megabits) {
        const place = join(folder, 'outside')
        mkdirSync(place)
        const outside = await startOutside(place, model, commit, megabits)
        ends.push(() => outside.stop())
        registries = { [registryAddress]: outside.hosts }
        return outside
      },
      fillVolumes: (mebibytesPerSecond) => void (fillRate = mebibytesPerSecond),
      filling,
      async step(action, inputs) {
        const kubeconfig = plane.kubeconfigOf(deployer)
        const { main, post } = await runStep({
          action: join(import.meta.dirname, '../../../../actions', action),
          inputs: ['apply-manifests', 'scale-benchmark'].includes(action) ? { kubeconfig, ...inputs } : inputs,
          environment,
          workspace: join(folder, 'workspace'),
          temp: join(folder, 'runner'),
          onLine: (line) => appendFileSync(stepsLog, `${new Date().toISOString()} ${action}: ${line}\n`),
        })
        const cleaned = await post?.()
        return { ...main, errors: main.lines.filter((line) => line.startsWith('::error')), cleaned }
      },
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
