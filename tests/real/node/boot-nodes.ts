import { setTimeout as sleep } from 'node:timers/promises'
import { instanceOf, watchClaims } from '../cluster/nodes/watch-claims.ts'
import type { Kubelets } from '../cluster/nodes/start-kubelets.ts'
import type { Place } from '../cluster/start-control-plane.ts'
import type { Volume } from './world/open-filling-volume.ts'
import { readUserData } from './machine/read-user-data.ts'
import { startMachine, type Fleet, type Machine, type MachineSpec } from './machine/start-machine.ts'

export interface BootedNodes extends Kubelets {
  /** Every machine that runs, by its instance, which is also its Node's name. */
  readonly machines: ReadonlyMap<string, Machine>
  /** Pulls a machine's plug, and boots it again on the volume that it had. */
  reboot(name: string): Promise<void>
}

export interface BootOptions {
  readonly folder: string
  readonly programs: Fleet['programs']
  /** Makes the data volume of a new instance, from a snapshot or empty. */
  readonly makeVolume: (instanceId: string, snapshotId: string | undefined) => Promise<Volume>
  /** Seconds after which the device plugin has found the GPU (default 3). */
  readonly gpuAfter?: number
  /** What is particular to the machines of one cluster. */
  readonly settings?: () => Pick<MachineSpec, 'registries' | 'kubelet'>
}

/** Boots a machine for each instance that Karpenter launches, on the data volume that its launch template names, and ends it with its instance. */
export function bootNodes(place: Place, options: BootOptions): BootedNodes {
  const { api, aws } = place
  const fleet = { folder: options.folder, kubeconfig: place.kubeconfig, authority: place.authority, programs: options.programs }
  const machines = new Map<string, Machine>()
  const booted = new Map<string, { readonly spec: MachineSpec; readonly volume: Volume; readonly gpus: string | undefined }>()
  const end = new AbortController()

  const claims = watchClaims(api, async ({ status = {} }, providerId) => {
    const name = instanceOf(providerId)
    const launch = aws.launches.get(name)
    if (launch === undefined) throw new Error(`Boot ${name}: EC2 has not launched it.`)
    const { cpu = '1', memory = '1Gi', 'nvidia.com/gpu': gpus } = status.capacity ?? {}
    const volume = await options.makeVolume(name, launch.snapshotId)
    const spec: MachineSpec = {
      name,
      providerId,
      volume: volume.file,
      ...readUserData(launch.launchTemplate.get('LaunchTemplateData.UserData') ?? ''),
      hardware: { cpus: Number(cpu), memoryMebibytes: mebibytes(memory) },
      ...options.settings?.(),
    }
    booted.set(name, { spec, volume, gpus })
    await boot(name)
  })

  async function boot(name: string): Promise<void> {
    const { spec, gpus } = booted.get(name) ?? {}
    if (spec === undefined) throw new Error(`Boot ${name}: there is no such instance.`)
    machines.set(name, await startMachine(fleet, spec))
    if (gpus !== undefined) await advertise(name, gpus)
  }

  /** As the Kubernetes documentation gives a node an extended resource: the kubelet leaves it alone. */
  async function advertise(node: string, gpus: string): Promise<void> {
    await sleep((options.gpuAfter ?? 3) * 1000, undefined, { signal: end.signal })
    const status = { capacity: { 'nvidia.com/gpu': gpus }, allocatable: { 'nvidia.com/gpu': gpus } }
    while (!end.signal.aborted && (await api.patch(`/api/v1/nodes/${node}/status`, { status })) === undefined) await sleep(250)
  }

  async function followTerminations(): Promise<void> {
    for (let seen = 0; !end.signal.aborted; await sleep(250, undefined, { signal: end.signal }).catch(() => undefined)) {
      for (; seen < aws.requests.length; seen++) {
        const asked = aws.requests[seen]
        if (asked?.get('Action') !== 'TerminateInstances') continue
        for (const [key, id] of asked) if (key.startsWith('InstanceId.')) await stopMachine(id)
      }
    }
  }
  async function stopMachine(id: string): Promise<void> {
    const machine = machines.get(id)
    machines.delete(id)
    await machine?.stop()
    await booted.get(id)?.volume.close()
    booted.delete(id)
  }
  const following = followTerminations()

  return {
    machines,
    async reboot(name) {
      await machines.get(name)?.stop()
      await boot(name)
    },
    instanceOf: (node) => instanceOf((node.spec as { providerID: string }).providerID),
    async lose(node) {
      await stopMachine(node)
      await api.remove(`/api/v1/nodes/${node}`)
    },
    async stop() {
      end.abort()
      await Promise.all([claims.stop(), following])
      await Promise.all([...machines.keys()].map(stopMachine))
    },
  }
}

/** Of a Kubernetes quantity in Mi or Gi. */
function mebibytes(quantity: string): number {
  const [, number = '0', unit] = /^(\d+)(Mi|Gi)$/.exec(quantity) ?? []
  return Number(number) * (unit === 'Gi' ? 1024 : 1)
}
