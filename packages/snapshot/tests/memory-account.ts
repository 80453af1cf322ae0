import type { Clock } from '@prebake/kernel'
import type { BuilderState, Builders, SnapshotRecord, Snapshots } from '../src/index.ts'

export const { signal } = new AbortController()

/** Time that passes only while something waits. */
export function steppingClock(start = Date.parse('2026-11-29T12:00:00Z')): Clock & { readonly waitedMs: () => number } {
  let at = start
  return { now: () => new Date(at), sleep: async (ms) => void (at += ms), waitedMs: () => at - start }
}

export const instance = (
  instanceId: string,
  tags: Record<string, string> = {},
  state: BuilderState['state'] = 'running',
): BuilderState => ({
  instanceId,
  state,
  reason: undefined,
  launchedAt: new Date('2026-11-29T11:00:00Z'),
  tags,
})

export const snapshot = (
  snapshotId: string,
  tags: Record<string, string> = {},
  state: SnapshotRecord['state'] = 'completed',
  startedAt = new Date('2026-11-29T11:30:00Z'),
): SnapshotRecord => ({ snapshotId, state, stateMessage: undefined, progress: 100, volumeSizeGiB: 150, startedAt, tags })

/** Instances and snapshots of one account. `refuse` may throw before an operation. */
export function memoryAccount(
  given: { readonly instances?: readonly BuilderState[]; readonly snapshots?: readonly SnapshotRecord[] },
  refuse: (operation: string, id?: string) => void = () => undefined,
) {
  const instances = new Map((given.instances ?? []).map((each) => [each.instanceId, each]))
  const snapshots = new Map((given.snapshots ?? []).map((each) => [each.snapshotId, each]))
  const asked: string[] = []
  const ask = (operation: string, id?: string) => {
    asked.push(id === undefined ? operation : `${operation} ${id}`)
    refuse(operation, id)
  }
  const carries = (wanted: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>) =>
    Object.entries(wanted).every(([key, value]) => tags[key] === value)

  const builders = {
    async launch(spec) {
      ask('launch', spec.clientToken)
      const launched = instance(`i-${instances.size + 1}`, { ...spec.tags }, 'pending')
      instances.set(launched.instanceId, launched)
      return launched
    },
    async get(id) {
      ask('look', id)
      return instances.get(id)
    },
    async find(tags) {
      ask('find instances')
      return [...instances.values()].filter((each) => each.state !== 'terminated' && carries(tags, each.tags))
    },
    async stop(id) {
      ask('stop', id)
    },
    async terminate(id) {
      ask('terminate', id)
      const found = instances.get(id)
      if (found !== undefined) instances.set(id, { ...found, state: 'shutting-down' })
    },
  } satisfies Partial<Builders>

  const snapshotPort = {
    async get(id) {
      return snapshots.get(id)
    },
    async find(tags) {
      ask('find snapshots')
      return [...snapshots.values()]
        .filter((each) => carries(tags, each.tags))
        .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())
    },
    async create(_volumeId, _description, tags) {
      ask('create snapshot')
      const made = snapshot(`snap-${snapshots.size + 1}`, { ...tags }, 'pending')
      snapshots.set(made.snapshotId, made)
      return made
    },
    async tag(id, tags) {
      ask('tag', id)
      const found = snapshots.get(id)
      if (found !== undefined) snapshots.set(id, { ...found, tags: { ...found.tags, ...tags } })
    },
    async delete(id) {
      ask('delete', id)
      snapshots.delete(id)
    },
  } satisfies Partial<Snapshots>

  return {
    builders: builders as unknown as Builders,
    snapshots: snapshotPort as unknown as Snapshots,
    asked: asked as readonly string[],
    alive: () =>
      [...instances.values()].flatMap(({ instanceId, state }) => (state === 'pending' || state === 'running' ? [instanceId] : [])),
    kept: () => [...snapshots.keys()],
  }
}
