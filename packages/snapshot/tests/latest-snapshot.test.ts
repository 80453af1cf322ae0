import { expect, test } from '@jest/globals'
import type { SnapshotRecord } from '../src/ports/snapshots.ts'
import { clearRejection, latestSnapshot, rejectSnapshot } from '../src/index.ts'

const { signal } = new AbortController()
const snapshot = (
  snapshotId: string,
  day: number,
  tags: Record<string, string>,
  state: SnapshotRecord['state'] = 'completed',
): SnapshotRecord => ({
  snapshotId,
  state,
  stateMessage: undefined,
  progress: 100,
  volumeSizeGiB: 150,
  startedAt: new Date(2026, 0, day),
  tags,
})
const all = [
  snapshot('snap-full', 1, { 'prebake:verified': 'full', team: 'a' }),
  snapshot('snap-quick', 2, { 'prebake:verified': 'quick', team: 'b' }),
  snapshot('snap-rejected', 3, { 'prebake:verified': 'quick', team: 'a', 'prebake:rejected': 'rollout 7' }),
  snapshot('snap-pending', 4, { 'prebake:verified': 'full', team: 'a' }, 'pending'),
  snapshot('snap-failed', 5, { 'prebake:verified': 'failed', team: 'a' }),
  snapshot('snap-other', 6, { team: 'a' }),
]
const snapshots = {
  find: (tags: Readonly<Record<string, string>>) =>
    Promise.resolve(all.filter((each) => Object.entries(tags).every(([key, value]) => each.tags[key] === value))),
}

test('the newest that is completed, verified and not rejected, with the tags that were asked for', async () => {
  expect((await latestSnapshot({}, { snapshots }, signal)).snapshotId).toBe('snap-quick')
  expect((await latestSnapshot({ tags: { team: 'a' } }, { snapshots }, signal)).snapshotId).toBe('snap-full')
})

test('none is told with what was asked for', async () => {
  await expect(latestSnapshot({ tags: { team: 'c' } }, { snapshots }, signal)).rejects.toThrow(
    '`snapshot-id`: `latest`: this account has no snapshot with `team=c` in this region that is completed, verified and not rejected.',
  )
})

test('of several models none is guessed: the one that was asked for, or an error that lists them', async () => {
  const both = [
    snapshot('snap-awq', 1, { 'prebake:verified': 'quick', 'prebake:model': 'a/awq' }),
    snapshot('snap-large', 2, { 'prebake:verified': 'full', 'prebake:model': 'b/large' }),
    snapshot('snap-image', 3, { 'prebake:verified': 'full' }),
    snapshot('snap-gone', 4, { 'prebake:verified': 'full', 'prebake:model': 'c/rejected', 'prebake:rejected': 'rollout 7' }),
  ]
  const find = (tags: Readonly<Record<string, string>>) =>
    Promise.resolve(both.filter((each) => Object.entries(tags).every(([key, value]) => each.tags[key] === value)))
  const latest = (model?: string) => latestSnapshot({ model }, { snapshots: { find } }, signal)
  expect((await latest('a/awq')).snapshotId).toBe('snap-awq')
  const code = (name: string) => expect.objectContaining({ problems: [expect.objectContaining({ code: name, input: 'snapshot-id' })] })
  await expect(latest()).rejects.toThrow(code('latest-of-several-models'))
  await expect(latest()).rejects.toThrow('different models: `a/awq`, `b/large`, none (an image alone).')
  await expect(latest('c/rejected')).rejects.toThrow(code('latest-missing'))
})

test('a rejected one says why, within what a tag can hold', async () => {
  const tagged: unknown[] = []
  const port = { tag: (id: string, tags: Readonly<Record<string, string>>) => Promise.resolve(void tagged.push(id, tags)) }
  await rejectSnapshot('snap-1', 'x'.repeat(300), { snapshots: port }, signal)
  expect(tagged).toEqual(['snap-1', { 'prebake:rejected': 'x'.repeat(256) }])
})

test('a rejection is taken back with the reason that it had; one that was not rejected stays as it is', async () => {
  const removed: unknown[] = []
  const untag = (...given: readonly unknown[]) => Promise.resolve(void removed.push(given.slice(0, 2)))
  const port = (tags: Readonly<Record<string, string>>) => ({ untag, get: () => Promise.resolve({ ...snapshot('snap-1', 1, {}), tags }) })
  const clear = (tags: Readonly<Record<string, string>>) => clearRejection('snap-1', { snapshots: port(tags) }, signal)
  expect(await clear({ 'prebake:verified': 'quick' })).toBeUndefined()
  expect(removed).toEqual([])
  expect(await clear({ 'prebake:rejected': 'rollout 1: model-missing' })).toBe('rollout 1: model-missing')
  expect(removed).toEqual([['snap-1', ['prebake:rejected']]])
})
