import { expect, test } from '@jest/globals'
import { PrebakeError } from '@prebake/kernel'
import { failedPruning, pruneReport, pruneSnapshots, renderPruning, type PruneRequest } from '../src/index.ts'
import { daysAgo, memoryResources, now, repository, silent, snapshot, source } from './memory-resources.ts'

const { signal } = new AbortController()
const request: PruneRequest = { keep: 1, olderThanMs: 14 * 86_400_000, repositories: [repository], dryRun: false }
const clock = { now: () => now }
const [newest, old, older] = [snapshot('1', 1), snapshot('2', 30), snapshot('3', 60)]
const ours = { 'prebake:run': 'r', 'prebake:purpose': 'bake' }
const builders = [
  { instanceId: 'i-expired', tags: { ...ours, 'prebake:ends': daysAgo(1).toISOString() } },
  { instanceId: 'i-alive', tags: { ...ours, 'prebake:ends': daysAgo(-1).toISOString() } },
  { instanceId: 'i-unknown', tags: ours },
  { instanceId: 'i-malformed', tags: { ...ours, 'prebake:ends': 'soon' } },
  { instanceId: 'i-other', tags: { 'prebake:run': 'r', 'prebake:ends': daysAgo(1).toISOString() } },
]
const volumes = builders.map(({ instanceId, tags }) => ({ volumeId: instanceId.replace('i-', 'vol-'), sizeGiB: 150, tags }))

test('a dry run deletes no snapshot, removes what lost runs left, and tells what it would save', async () => {
  const { own, changes } = memoryResources({
    snapshots: [old, newest],
    builders,
    volumes,
    restores: [{ snapshotId: old.snapshotId, zone: 'a' }],
  })
  const pruning = await pruneSnapshots({ ...request, dryRun: true }, { own, sources: [], clock, reporter: silent }, signal)
  expect(changes).toEqual(['terminate i-expired', 'delete vol-expired'])
  const report = pruneReport(pruning)
  expect(report.snapshots.map(({ outcome }) => outcome)).toEqual(['kept', 'to-delete'])
  // 40 GiB at $0.05, and one zone for 730 hours at $0.75.
  expect(report.savedDollarsPerMonth).toBe(549.5)
  expect(renderPruning(pruning)).toContain('1 of 2 snapshots would be deleted, $549.50 a month less')
})

test('what nothing names is deleted, and a refusal of one does not stop the others', async () => {
  const { own, changes } = memoryResources({ snapshots: [newest, old, older] }, (change) => {
    if (change.includes(old.snapshotId))
      throw new PrebakeError('DeleteSnapshot: refused.', { code: 'aws-access-denied', hint: 'Allow it.' })
  })
  const pruning = await pruneSnapshots(request, { own, sources: [], clock, reporter: silent }, signal)
  expect(changes).toEqual([`delete ${older.snapshotId}`])
  expect(pruneReport(pruning).snapshots.map(({ outcome }) => outcome)).toEqual(['kept', 'not-deleted', 'deleted'])
  expect(failedPruning(pruning.failures)).toMatchObject({ errorCode: 'prune-incomplete', hint: expect.stringContaining('Allow it.') })
})

test('what EC2 says is in use stays, with its words', async () => {
  const { own } = memoryResources({ snapshots: [newest, old] })
  const inUse = { ...own, deleteSnapshot: async () => ({ outcome: 'in-use' as const, reason: 'in use by ami-1' }) }
  const pruning = await pruneSnapshots(request, { own: inUse, sources: [], clock, reporter: silent }, signal)
  expect(pruneReport(pruning)).toMatchObject({ savedDollarsPerMonth: 0, snapshots: [{}, { outcome: 'in-use', words: 'in use by ami-1' }] })
  expect(failedPruning(pruning.failures)).toBeUndefined()
})

test('one place that cannot be read keeps everything that it might name, and is reported', async () => {
  const { own, changes } = memoryResources({ snapshots: [newest, old] })
  const warnings: string[] = []
  const reporter = { ...silent, warning: (text: string) => void warnings.push(text) }
  const sources = [source('images', []), source('launch templates', undefined)]
  const pruning = await pruneSnapshots(request, { own, sources, clock, reporter }, signal)
  expect(changes).toEqual([])
  expect(warnings).toEqual([expect.stringContaining('launch templates')])
  expect(pruneReport(pruning)).toMatchObject({ unread: [{ title: 'launch templates' }], snapshots: [{}, { reason: 'unread' }] })
})

test('a fault that is none of the account’s is not taken for a place that cannot be read', async () => {
  const { own } = memoryResources({ snapshots: [newest, old] })
  const broken = { title: 'images', find: () => Promise.reject(new TypeError('undefined is not a function')) }
  await expect(pruneSnapshots(request, { own, sources: [broken], clock, reporter: silent }, signal)).rejects.toThrow(TypeError)
})
