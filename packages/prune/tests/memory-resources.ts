import { PrebakeError, type Reporter } from '@prebake/kernel'
import type { FastRestore, OwnBuilder, OwnResources, OwnSnapshot, OwnVolume, Reference, ReferenceSource } from '../src/index.ts'

export const now = new Date('2026-11-30T12:00:00Z')
export const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000)

export const repository = 'octo-org/vllm-on-eks'

export const snapshot = (name: string, days: number, tags: Record<string, string> = {}, more: Partial<OwnSnapshot> = {}): OwnSnapshot => ({
  snapshotId: `snap-${name.padStart(17, '0')}`,
  state: 'completed',
  startedAt: daysAgo(days),
  volumeSizeGiB: 150,
  storedGiB: 40,
  tags: {
    'prebake:run': `4711-1-x@${repository}`,
    'prebake:fingerprint': 'f',
    'prebake:model': 'a/model',
    'prebake:architecture': 'x86_64',
    'prebake:verified': 'quick',
    ...tags,
  },
  ...more,
})

/** Resources of an account in memory. `refuse` may throw before a change. */
export function memoryResources(
  given: {
    readonly snapshots?: readonly OwnSnapshot[]
    readonly builders?: readonly OwnBuilder[]
    readonly volumes?: readonly OwnVolume[]
    readonly restores?: readonly FastRestore[]
  },
  refuse: (change: string) => void = () => undefined,
) {
  const changes: string[] = []
  const change = async (words: string) => {
    refuse(words)
    changes.push(words)
  }
  const own: OwnResources = {
    snapshots: async () => given.snapshots ?? [],
    builders: async () => given.builders ?? [],
    looseVolumes: async () => given.volumes ?? [],
    fastRestores: async () => given.restores ?? [],
    deleteSnapshot: async (id) => {
      await change(`delete ${id}`)
      return { outcome: 'deleted' }
    },
    deleteVolume: (id) => change(`delete ${id}`),
    terminateBuilder: (id) => change(`terminate ${id}`),
    disableFastRestore: ({ snapshotId, zone }) => change(`restore ${snapshotId} ${zone}`),
  }
  return { own, changes }
}

/** A place that names snapshots; without a list it cannot be read. */
export const source = (title: string, names: readonly string[] | undefined, makesVolumes = true): ReferenceSource => ({
  title,
  async find(ids): Promise<readonly Reference[]> {
    if (names === undefined) throw new PrebakeError(`Read ${title}: refused.`, { code: 'aws-access-denied' })
    return names.filter((id) => ids.includes(id)).map((snapshotId) => ({ snapshotId, by: title, makesVolumes }))
  },
})

export const silent: Reporter = {
  group: (_title, work) => work(),
  info: () => undefined,
  progress: () => undefined,
  notice: () => undefined,
  warning: () => undefined,
  debug: () => undefined,
  summary: () => undefined,
}
