import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Builders, BuilderSpec, BuilderState, CommandState, SnapshotRecord, Snapshots } from '../../../packages/snapshot/src/index.ts'
import { copyVolume, makeVolume } from './node/data-volume.ts'
import { startNode, type RealNode } from './node/start-node.ts'

/** Nodes for instances and copies of volume files for snapshots, behind the ports that the use cases know. */
export interface RealCloud {
  readonly builders: Builders
  readonly snapshots: Snapshots
  /** Every shell line that was sent, as SSM keeps it, and what it answered. */
  readonly commands: readonly { readonly line: string; readonly output: string; readonly seconds: number }[]
  readonly launched: readonly BuilderSpec[]
  /** The node of an instance, to look at or to break. */
  node(instanceId: string): RealNode
  /** The file that is a snapshot. */
  fileOf(snapshotId: string): string
  [Symbol.asyncDispose](): Promise<void>
}

interface Instance {
  readonly node: RealNode
  readonly launchedAt: Date
  readonly tags: BuilderState['tags']
  state: BuilderState['state']
}

/** How a command is lost with its agent: it never ran, or it ran and its answer never came. */
export type Loss = 'Undeliverable' | 'TimedOut'

export interface CloudOptions {
  /** Size of each new data volume; what the launch asks for would be mostly holes. */
  readonly volumeMebibytes: number
  readonly onLaunch?: ((node: RealNode) => Promise<void>) | undefined
  readonly lose?: ((line: string) => Loss | undefined | Promise<Loss | undefined>) | undefined
}

export function createRealCloud(folder: string, { volumeMebibytes, onLaunch, lose }: CloudOptions): RealCloud {
  const instances = new Map<string, Instance>()
  const records = new Map<string, SnapshotRecord>()
  const running = new Map<string, CommandState | undefined>()
  const commands: { line: string; output: string; seconds: number }[] = []
  const launched: BuilderSpec[] = []
  const fileOf = (id: string) => join(folder, `${id}.xfs`)
  const instance = (id: string): Instance => {
    const found = instances.get(id)
    if (found === undefined) throw new Error(`There is no instance ${id}.`)
    return found
  }
  const builderState = (id: string): BuilderState => {
    const { state, launchedAt, tags } = instance(id)
    return { instanceId: id, state, reason: undefined, launchedAt, tags }
  }

  const builders: Builders = {
    findImage: async () => ({ amiId: 'ami-real', bottlerocketVersion: '1.57.0' }),
    describeSubnet: async () => ({
      subnetId: 'subnet-real',
      vpcId: 'vpc-real',
      availabilityZone: 'zone',
      defaultRoute: 'internet-gateway',
      endpoints: [],
    }),
    describeSubnets: async () => [],
    architecturesOf: async () => ['x86_64'],
    async launch(spec) {
      launched.push(spec)
      const instanceId = `i-${launched.length}`
      const volume = fileOf(`vol-${launched.length}`)
      if (spec.dataVolume.snapshotId === undefined) makeVolume(volume, volumeMebibytes)
      else await copyVolume(fileOf(spec.dataVolume.snapshotId), volume)
      const node = await startNode({ folder, volume })
      await onLaunch?.(node)
      instances.set(instanceId, { node, launchedAt: new Date(), tags: spec.tags, state: 'running' })
      return builderState(instanceId)
    },
    get: async (id) => builderState(id),
    isOnline: async (id) => instance(id).state === 'running',
    find: async () => [],
    async send(id, line) {
      const commandId = randomUUID()
      const loss = await lose?.(line)
      running.set(commandId, loss && { status: loss, statusDetails: loss, exitCode: undefined, stdout: '', stderr: '' })
      if (loss === 'Undeliverable') return commandId
      void instance(id)
        .node.run(line)
        .then(({ code, output, seconds }) => {
          commands.push({ line, output, seconds })
          if (loss !== undefined) return
          running.set(commandId, {
            status: code === 0 ? 'Success' : 'Failed',
            statusDetails: '',
            exitCode: code,
            // As SSM cuts it off.
            stdout: output.slice(0, 24_000),
            stderr: '',
          })
        })
      return commandId
    },
    getCommand: async (_, id) =>
      running.get(id) ?? { status: 'InProgress', statusDetails: '', exitCode: undefined, stdout: '', stderr: '' },
    dataVolume: async (id) => `vol-${id.slice(2)}`,
    async stop(id) {
      await instance(id).node.stop()
      instance(id).state = 'stopped'
    },
    async terminate(id) {
      await instance(id).node[Symbol.asyncDispose]()
      instance(id).state = 'terminated'
    },
  }

  const snapshots: Snapshots = {
    get: async (id) => records.get(id),
    find: async (tags) =>
      [...records.values()].filter((record) => Object.entries(tags).every(([key, value]) => record.tags[key] === value)).toReversed(),
    async create(volumeId, _, tags) {
      const snapshotId = `snap-${records.size + 1}`
      await copyVolume(fileOf(volumeId), fileOf(snapshotId))
      const record: SnapshotRecord = {
        snapshotId,
        state: 'completed',
        stateMessage: undefined,
        progress: 100,
        volumeSizeGiB: volumeMebibytes / 1024,
        startedAt: new Date(),
        tags,
      }
      records.set(snapshotId, record)
      return record
    },
    async tag(id, tags) {
      const record = records.get(id)
      if (record !== undefined) records.set(id, { ...record, tags: { ...record.tags, ...tags } })
    },
    async untag(id, keys) {
      const record = records.get(id)
      const left = Object.entries(record?.tags ?? {}).filter(([key]) => !keys.includes(key))
      if (record !== undefined) records.set(id, { ...record, tags: Object.fromEntries(left) })
    },
    delete: async (id) => void records.delete(id),
  }

  return {
    builders,
    snapshots,
    commands,
    launched,
    node: (id) => instance(id).node,
    fileOf,
    async [Symbol.asyncDispose]() {
      for (const { node, state } of instances.values()) if (state !== 'terminated') await node[Symbol.asyncDispose]()
    },
  }
}
